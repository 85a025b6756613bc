"""Words of the health page."""

from dashboards.health_levels import Level

TITLE = "سلامت سامانه"
INTRO = "آنچه باید بی‌وقفه کار کند، همین حالا. هر ردیف که «رسیدگی» یا «خطر» است می‌گوید چه باید کرد."
ALL_GOOD, SOME_WATCH, SOME_BAD = "همه‌چیز خوب است", "{count} ردیف رسیدگی می‌خواهد", "{count} ردیف در خطر است"
COLUMNS = ("بخش", "وضعیت", "اکنون", "چه باید کرد")
PARTS, SOURCES = "بخش‌های سامانه", "گزارش و تطبیق هر پایانه و حساب"
SOURCE_COLUMNS = ("منبع", "وضعیت", "آخرین روز گزارش", "بی‌ناهمخوانی تا روز", "ناهمخوانی باز")
NO_SOURCES = "هنوز منبعی برای گزارش‌ها تعریف نشده است."
NEVER = "هرگز"
CHECKED_AT = "خوانده‌شده در {at}"
LEVELS = {Level.GOOD: "خوب", Level.WATCH: "رسیدگی", Level.BAD: "خطر"}

ATTEMPTS = "پرداخت‌های بی‌پاسخ بانک"
NOTHING_WAITS = "چیزی در انتظار نیست"
ATTEMPTS_NOW = "{count} پرداخت؛ کهنه‌ترین {age}"
ATTEMPTS_DO = "پیش از یک ساعت خودکار پیگیری می‌شود؛ پس از آن سلامت درگاه را در «پرداخت‌ها» ببینید."
CALLBACKS, CALLBACKS_DO = "بازگشت‌های بررسی‌نشدهٔ بانک", "کارگران روشن‌اند؟ صف هر دو ثانیه خالی می‌شود."
OUTBOX = "صندوق خروجی"
OUTBOX_NOW = "{count} کار در صف؛ کهنه‌ترین {age}؛ {failed} کار با خطا"
OUTBOX_DO = "خطای هر ردیف در مدیریت، بخش «صندوق خروجی» نوشته شده است."
SMS, SMS_NOW, SMS_DO = (
    "پیامک‌ها",
    "{count} در صف؛ {failed} نرسیده در ۲۴ ساعت",
    "پاسخ سامانهٔ پیامک را بررسی کنید.",
)
FOLD, FOLD_NOW = "به‌روزبودن آمار", "{count} سند در راه آمار؛ کهنه‌ترین {age}"
FOLD_DO = "زمان‌بند (beat) و کارگر روشن باشند؛ آمار با rebuild_rollups از نو ساخته می‌شود."
BROKER, BROKER_NOW, BROKER_AWAY = "صف پیام‌ها (Valkey)", "{count} پیام در صف", "پاسخ نمی‌دهد"
BROKER_DO = "چیزی گم نمی‌شود، ولی کارها کندتر انجام می‌شود؛ Valkey را روشن کنید."
BACKUP, BACKUP_NOW = "آخرین پشتیبان", "{at}؛ {size}، {rows} ردیف"
BACKUP_FAILED = "آخرین تلاش ناموفق بود: {error}"
BACKUP_DO = "BACKUP_DIR تنظیم و جا کافی باشد؛ با \u2066./run manage backup\u2069 دستی بگیرید."
DISK, DISK_NOW = "فضای دیسک", "{free} آزاد از {total}"
DISK_DO = "پیش از پرشدن، دیسک را بزرگ‌تر کنید؛ پشتیبان‌های کهنه را جابه‌جا کنید."
DATABASE, DATABASE_NOW = "پایگاه داده", "{size}؛ {connections} اتصال از {most}"
DATABASE_DO = "شمار کارگران وب یا PgBouncer را بازبینی کنید."
CASES, CASES_NOW, CASES_DO = "پرونده‌های بی‌مسئول", "{count} پرونده", "از «پرونده‌ها» به کسی سپرده شود."

SECONDS, MINUTES, HOURS, DAYS = "{count} ثانیه", "{count} دقیقه", "{count} ساعت", "{count} روز"
BYTES = ("بایت", "کیلوبایت", "مگابایت", "گیگابایت", "ترابایت")
