from django.db import models


class Section(models.TextChoices):
    HEALTH = "health", "سلامت"
    EMPOWERMENT = "empowerment", "توانمندسازی"
    CULTURAL = "cultural", "فرهنگی"
    CONSTRUCTION = "construction", "عمرانی"
    EXTRACURRICULAR = "extracurricular", "فوق‌برنامه"


class VolunteerRole(models.TextChoices):
    SPECIALIST = "specialist", "متخصص"
    FACILITATOR = "facilitator", "تسهیلگر"


class Language(models.TextChoices):
    PERSIAN = "fa", "فارسی"
    AZERI = "az", "ترکی آذری"
    KURDISH = "ku", "کردی"
    LURI = "lrc", "لری"
    BALUCHI = "bal", "بلوچی"
    ARABIC = "ar", "عربی"
    TURKMEN = "tk", "ترکمنی"
    GILAKI = "glk", "گیلکی"
    MAZANDARANI = "mzn", "مازندرانی"
    ENGLISH = "en", "انگلیسی"
    SIGN = "psc", "زبان اشارهٔ ایرانی"


class Availability(models.TextChoices):
    MORNINGS = "mornings", "صبح روزهای کاری"
    AFTERNOONS = "afternoons", "عصر روزهای کاری"
    WEEKENDS = "weekends", "پنجشنبه و جمعه"
    CRISIS = "crisis", "هنگام بحران، هر ساعت"


class ConsentKind(models.TextChoices):
    DATA = "data", "نگهداری و به‌کاربردن داده‌ها"
    CONDUCT = "conduct", "رازداری و رفتار با مددجویان"
    CONTACT = "contact", "پیامک و تماس برای فراخوان"
    ACCESS = "access", "نگهداری نیازهای دسترس‌پذیری"
    GUARDIAN = "guardian", "رضایت سرپرست"


class Vetting(models.TextChoices):
    WAITING = "waiting", "در انتظار بررسی"
    ASKED = "asked", "در انتظار تکمیل"
    APPROVED = "approved", "تأیید شده"
    REFUSED = "refused", "رد شده"


class Decision(models.TextChoices):
    APPROVE = "approve", "تأیید صلاحیت"
    REFUSE = "refuse", "رد"
    ASK = "ask", "خواستن مدرک یا توضیح بیشتر"


class GuardianState(models.TextChoices):
    """What the guardian of somebody under age said, from their own number."""

    NONE = "none", "نیازی نیست"
    WAITING = "waiting", "در انتظار سرپرست"
    AGREED = "agreed", "سرپرست رضایت داد"
    REFUSED = "refused", "سرپرست رضایت نداد"


class LicenceState(models.TextChoices):
    NONE = "none", "پروانه‌ای ننوشته است"
    UNCHECKED = "unchecked", "سنجیده نشده"
    VALID = "valid", "درست است"
    INVALID = "invalid", "درست نیست"


class Activity(models.TextChoices):
    ACTIVE = "active", "فعال"
    PAUSED = "paused", "در استراحت"
    LEFT = "left", "کناره گرفته"


class JoinSource(models.TextChoices):
    WEB = "web", "ثبت‌نام خود شخص"
    SURGE = "surge", "فراخوان بحران"
    IMPORT = "import", "دفترهای پیشین"


class DocumentKind(models.TextChoices):
    LICENCE = "licence", "پروانه یا کارت نظام"
    IDENTITY = "identity", "مدرک هویت"
    EDUCATION = "education", "مدرک تحصیلی"
    CLEARANCE = "clearance", "گواهی عدم سوءپیشینه"
    OTHER = "other", "مدرک دیگر"


class Shown(models.TextChoices):
    """What of a person that is masked was shown to a member of staff."""

    MOBILE = "mobile", "شمارهٔ همراه"
    NATIONAL_ID = "national_id", "کد ملی"
    GUARDIAN = "guardian", "شمارهٔ سرپرست"
    NEEDS = "needs", "نیازهای دسترس‌پذیری"


class GroupKind(models.TextChoices):
    FACILITATOR = "facilitator", "گروه تسهیلگر"
    HAMYAR = "hamyar", "گروه همیار"
    JIHADI = "jihadi", "گروه جهادی"
    NGO = "ngo", "سمن"


class GroupState(models.TextChoices):
    ACTIVE = "active", "فعال"
    ASKED = "asked", "از سرگروه پرسیده شد"
    ASLEEP = "asleep", "خفته"
    CLOSED = "closed", "پایان یافته"


class Purpose(models.TextChoices):
    """What an opportunity is for."""

    OFFICE = "office", "نیاز استان"
    EVENT = "event", "رویداد"
    CAMPAIGN = "campaign", "پویش"
    CRISIS = "crisis", "بحران"


class OpportunityState(models.TextChoices):
    OPEN = "open", "باز"
    CLOSED = "closed", "بسته"
    CANCELLED = "cancelled", "لغو شده"


class AssignmentState(models.TextChoices):
    INVITED = "invited", "دعوت شده"
    DECLINED = "declined", "نپذیرفت"
    SIGNED_UP = "signed_up", "می‌آید"
    CANCELLED = "cancelled", "انصراف داد"
    PRESENT = "present", "آمد"
    ABSENT = "absent", "نیامد"


class ConfirmedHow(models.TextChoices):
    LEADER = "leader", "سرگروه"
    STAFF = "staff", "کارشناس"


class ImportState(models.TextChoices):
    RECEIVED = "received", "در صف خواندن"
    STAGED = "staged", "خوانده شد؛ در انتظار تأیید"
    APPLYING = "applying", "در حال ثبت"
    DONE = "done", "ثبت شد"
    DROPPED = "dropped", "کنار گذاشته شد"
    UNREADABLE = "unreadable", "خوانده نشد"


class LineState(models.TextChoices):
    """What becomes of a line of an old registry. `LEFT` lasts within a transaction: it was not taken, and is judged."""

    NEW = "new", "تازه"
    LEFT = "left", "نگرفته"
    KNOWN = "known", "از پیش ثبت است"
    TWIN = "twin", "تکراری در همین فایل"
    CONFLICT = "conflict", "کد ملی با شمارهٔ دیگری ثبت است"
    REFUSED = "refused", "پذیرفته نشد"
    TAKEN = "taken", "ثبت شد"


class DuplicateState(models.TextChoices):
    OPEN = "open", "در انتظار رضایت"
    MERGED = "merged", "یکی شد"
    APART = "apart", "جدا ماند"


class MergeConsent(models.TextChoices):
    CODES = "codes", "کد پیامکی به هر دو شماره"
    WRITTEN = "written", "رضایت کتبی"
    SPOKEN = "spoken", "رضایت تلفنی یا حضوری، ثبت‌شده"
