"""Persian words of the network's figures."""

TITLE = "شبکهٔ داوطلبان"
EVERYBODY, APPROVED, WAITING, PAUSED = "داوطلبان", "تأییدشده", "در انتظار بررسی", "در استراحت"
ACTIVE, HOURS, GROUPS, SILENT = "فعال در سه ماه", "ساعت در سه ماه", "گروه‌ها", "گروه‌های خفته یا پرسیده"
BY_SECTION, BY_SKILL, BY_PROVINCE = "بخش‌ها", "مهارت‌ها و پیشه‌ها", "استان‌ها"
SECTION, SKILL, PROVINCE = "بخش", "مهارت", "استان"
UNANSWERED, UNANSWERED_TEXT = "نیازهای بی‌پاسخ", "نوبت‌های دو هفتهٔ آینده که هنوز جا دارند؛ خالی‌ترین نخست."
NONE_UNANSWERED = "همهٔ نوبت‌های دو هفتهٔ آینده پر است."
NOTHING = "۰"
SECTIONS_NOTE = "یک داوطلب می‌تواند در چند بخش و چند مهارت باشد."
SURGES = "فراخوان‌های بحران"
WHAT, WHEN, WHERE, PLACES, ASKED, DECLINED = "کار", "زمان", "جا", "پر شده از", "دعوت", "نپذیرفت"
FILE_HEADINGS = ("استان", "داوطلبان", "تأییدشده", "گروه‌ها", "فعال در سه ماه", "دقیقهٔ تأییدشده در سه ماه")
