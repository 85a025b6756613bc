"""Persian words of reminders by text message."""

STAFF_SMS = "یادآوری سامانهٔ مشارکت‌های مردمی: {what}. {url}\nتنظیم یادآوری در «حساب من»"
LATE_BOXES = "{count} صندوق در انتظار گام بعد است"
LATE_TASKS = "{count} کار از روزش گذشته است: {named}"
AND = "؛ "
CUSTODIAN_SMS = (
    "با سپاس از نگهداری صندوق شمارهٔ {number}: هنگام جمع‌آوری آن رسیده است. "
    "لطفاً با {office} هماهنگ کنید.{phone}"
)
OUR_OFFICE = "ادارهٔ بهزیستی"
