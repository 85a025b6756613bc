"""Persian words of the reports of headquarters."""

from django.utils.translation import gettext_lazy as _

COUNTRY_TITLE = _("گزارش دوره‌ای مشارکت‌های مردمی")
PROVINCE_TITLE = _("گزارش دوره‌ای مشارکت‌های مردمی، استان {name}")
FOR_PERIOD = _("دوره: {period}. سنجش با همین روزهای سال پیش ({before}). ارقام تا {as_of}، از دفترهای سامانه.")
SUM = _("جمع")
WORDS = _("توضیح")
HEADS = {
    "rial": _("مبلغ"),
    "share": _("سهم"),
    "before": _("سال پیش"),
    "change": _("تغییر"),
    "count": _("شمار"),
}
FILE_HEADS = (
    _("بخش"), _("شرح"), _("مبلغ (ریال)"), _("همین روزهای سال پیش (ریال)"), _("تغییر (٪)"), _("شمار"), _("توضیح"),
)  # fmt: skip
RECEIVED, RECEIVED_HEAD = _("دریافت‌ها به تفکیک نقدی، غیرنقدی و خدمت"), _("جنس")
SPENT, SPENT_NOTE = _("هزینه‌کردها"), _("آنچه به دست مردم رسیده است")
BY_PURPOSE, PURPOSE = _("هزینه‌کرد به تفکیک مصرف"), _("مصرف")
BY_PURPOSE_NOTE = _("جمع آن با دفترها یکی است")
OTHER_SPENT = _("دیگر: کالا، خدمت و اصلاح‌ها")
BY_FUND, FUND = _("دریافت به تفکیک نیت"), _("نیت")
SPENT_BY_FUND = _("هزینه‌کرد به تفکیک نیت")
BY_SOURCE, SOURCE = _("دولتی و غیردولتی"), _("منبع")
GOVERNMENTAL, PEOPLE = _("دستگاه‌های دولتی"), _("مردم و بخش غیردولتی")
BY_SOURCE_NOTE = _("دولتی آن است که از راه پرداختِ ویژهٔ دستگاه‌های دولتی رسیده باشد")
LEADING, PROVINCE = _("پنج استان پیشرو"), _("استان")
COUNTIES, COUNTY = _("شهرستان‌ها"), _("شهرستان")
CAMPAIGNS, CAMPAIGN = _("پویش‌ها"), _("پویش")
CHANNELS, CHANNEL = _("راه‌های پرداخت"), _("راه")
HEALTH, STANDING, HEALTH_NOTE = (
    _("سلامت راه‌های پرداخت"),
    _("وضعیت"),
    _("وضع امروز شماره‌هایی که نگهداری می‌شوند"),
)
RECONCILED, STATE = _("مغایرت‌گیری"), _("وضع حساب‌روزها")
OPEN_RIAL = _("مبلغِ هنوز ناجور")
VOLUNTEERS, SECTION = _("داوطلبان"), _("بخش")
JOINED, ALL_VOLUNTEERS = _("پیوسته در این دوره"), _("همه تا پایان دوره")
FILES = {"xlsx": _("اکسل"), "pdf": _("چاپ (PDF)"), "csv": "CSV"}
REPORT_LINK = _("گزارش دوره‌ای")
