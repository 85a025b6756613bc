"""What an entry of the audit trail is called: «بستن پرونده» for "case.close". Actions are noun.verb."""

from django.utils.translation import gettext_lazy as _

NOUNS = {
    "admin": _("ردیف در مدیریت سامانه"), "allocation": _("تخصیص"), "box": _("صندوق"), "branch": _("پویش استان"),
    "campaign": _("پویش"), "care": _("پیام نیکوکار"), "case": _("پرونده"), "cash": _("پول پیشخوان"),
    "channel": _("راه پرداخت"), "claim": _("پیگیری واریز"), "codes": _("کدهای چاپی"), "counter": _("کمک پیشخوان"),
    "day": _("روز مالی"), "delivery": _("تحویل"), "discrepancy": _("ناهمخوانی"),
    "donor": _("نیکوکار"), "edition": _("دورهٔ پویش"),
    "event": _("رویداد"), "guardian": _("سرپرست نوجوان"), "goods": _("کالا"),
    "hand_over": _("تحویل کار"), "held": _("پول نامعمول"),
    "in_kind": _("کمک غیرنقدی"), "invitation": _("دعوت همکار"), "kit": _("بسته"), "match": _("تطبیق دستی"),
    "membership": _("عضویت"), "mobile_door": _("ورود پیامکی"), "month": _("ماه مالی"), "need": _("نیاز"),
    "occasion": _("مناسبت"), "partner": _("شریک"), "partner_key": _("کلید شریک"), "password": _("گذرواژه"),
    "placement": _("کد چاپی"), "promise": _("وعده"), "rate": _("نرخ"), "recovery_code": _("کد بازیابی"),
    "recovery_codes": _("کدهای بازیابی"), "refund": _("برگشت وجه"), "runbook": _("برنامهٔ کار"),
    "runbook_task": _("کار برنامه"), "search": _("نتیجهٔ جست‌وجو"), "second_factor": _("رمزساز"),
    "session": _("نشست"), "sign_in": _("ورود"), "statement": _("صورت‌حساب"), "stickers": _("برگه‌های چاپ"),
    "stock": _("موجودی انبار"), "terminal": _("پایانه"), "volunteer": _("داوطلب"), "warehouse": _("انبار"),
    "work": _("کار باز"), "agreement": _("تفاهم‌نامه"), "asset": _("داشتهٔ محله"), "certificate": _("گواهی"),
    "contact": _("نشانی یادآوری"), "duplicate": _("ردیف دوتایی"), "group": _("گروه داوطلبان"),
    "neighbourhood": _("محله"), "opportunity": _("فراخوان"), "registry": _("فهرست قدیمی"), "shift": _("نوبت"),
    "surge": _("فراخوان فوری"), "outside": _("تحویل"), "claims": _("رقم گفته‌شده"),
}  # fmt: skip

VERBS = {
    "accept": _("پذیرش"), "take_in": _("تحویل گرفتن"),
    "act_done": _("انجام پیشامد"), "act_dropped": _("کنار گذاشتن پیشامد"), "act_ordered": _("دستور پیشامد"),
    "adapted": _("تغییر"), "add": _("افزودن"), "add_document": _("افزودن مدرک به"), "added": _("افزودن"),
    "announce": _("اعلام"), "announced": _("اعلام"), "answer": _("پاسخ به"), "approve": _("تأیید"),
    "arrived": _("رسیدن"), "assemble": _("بستن و آماده‌کردن"), "begin": _("آغاز"), "cancel": _("لغو"),
    "cancel_refuse": _("نپذیرفتن ابطال"), "cancel_request": _("درخواست ابطال"), "change": _("تغییر"),
    "check_in": _("ثبت ورود مهمان"), "check_licence": _("سنجش پروانهٔ"), "cheque_cashed": _("وصول چک"),
    "cloned": _("برداشتن"), "close": _("بستن"), "confirm": _("تأیید"), "confirmed": _("تأیید"),
    "corrected": _("اصلاح"), "cost": _("ثبت هزینهٔ"), "count": _("شمارش"), "delete": _("حذف"),
    "deliver": _("تحویل"), "deposit": _("واریز"), "describe": _("شرح"), "described": _("شرح"),
    "done": _("انجام"), "dropped": _("کنار گذاشتن"), "edit": _("ویرایش"), "end": _("پایان"),
    "ended_by_eid": _("پایان با عید"), "enter": _("ورود از"), "escalate": _("ارجاع به بالاتر"),
    "estimated": _("برآورد"), "expire": _("گذشتن مهلت"), "file_attached": _("افزودن پرونده به"),
    "find": _("ثبت"), "follow": _("پیگیری"), "forget": _("پاک‌کردن داده‌های"), "found": _("یافتن"),
    "fund": _("تأمین"), "gift_taken_back": _("برگشت کمک از"), "give": _("سپردن"), "hand_over": _("تحویل"),
    "hold": _("برگزاری"), "invite": _("دعوت به"), "issue": _("خروج از"), "join": _("پیوستن"),
    "leave": _("خروج از"), "left": _("نگرفتن تغییر"), "lock": _("قفل‌شدن"), "made_default": _("پیش‌فرض‌کردن"),
    "make": _("ساختن"), "merge": _("یکی‌کردن"), "note": _("یادداشت بر"), "off": _("خاموش‌کردن"),
    "on": _("روشن‌کردن"), "outcome": _("ثبت نتیجهٔ"), "permit": _("ثبت مجوز"), "plan": _("برنامه‌ریزی"),
    "print": _("چاپ"), "print_again": _("چاپ دوبارهٔ"), "propose": _("پیشنهاد"), "read_again": _("خواندن دوبارهٔ"),
    "record": _("ثبت"), "refuse": _("نپذیرفتن"), "refuse_count": _("نپذیرفتن شمارش"),
    "refuse_loss": _("نپذیرفتن کسر از"), "report_loss": _("گزارش کسر از"),
    "reminder_settled": _("رسیدگی به یادآوری"), "reminders": _("تغییر یادآوری‌های"), "reopen": _("بازگشایی"),
    "replace": _("جایگزینی"), "report": _("گزارش"), "request": _("درخواست"), "reseal": _("مهروموم دوبارهٔ"),
    "reset_agree": _("تأیید تازه‌کردن"), "reset_ask": _("درخواست تازه‌کردن"),
    "reset_refuse": _("نپذیرفتن تازه‌کردن"), "reset_use": _("تازه‌کردن"), "resolve": _("رسیدگی به"),
    "restored": _("بازگرداندن"), "retry": _("کوشش دوبارهٔ"), "return": _("بازگرداندن"), "reveal": _("دیدن شمارهٔ"),
    "review_photo": _("بازبینی عکس"), "revoke": _("باطل‌کردن"), "rotate": _("تعویض"), "season": _("زمان‌بندی"),
    "see": _("دیدن"), "see_document": _("دیدن مدرک"), "send": _("فرستادن"),
    "send_invitations": _("فرستادن دعوت‌های"), "set_activity": _("تغییر فعالیت"), "settle": _("حل خودبه‌خود"),
    "show": _("نمایش"), "show_number": _("دیدن شمارهٔ"), "start": _("ساختن"), "take": _("گرفتن"),
    "taken": _("گرفتن تغییر"), "template_task_added": _("افزودن کار به الگوی"),
    "template_task_changed": _("تغییر کار الگوی"), "template_task_retired": _("کنار گذاشتن کار الگوی"),
    "template_written": _("نوشتن الگوی"), "undo": _("برگرداندن"), "undone": _("برگرداندن"), "use": _("به‌کاربردن"),
    "vet": _("بررسی"), "walk_in": _("پذیرش حضوری"), "withdraw": _("پس گرفتن"), "withdrawn": _("پس گرفتن"),
    "write": _("نوشتن"), "write_down": _("ثبت"), "write_off": _("کسر از"), "write_to": _("پیام به"),
    "add_contact": _("افزودن رابط به"), "add_file": _("افزودن پرونده به"), "add_item": _("افزودن بند به"),
    "add_member": _("افزودن عضو به"), "add_site": _("افزودن مکان به"), "change_capacity": _("تغییر گنجایش"),
    "change_profile": _("تغییر مشخصات"), "change_wants": _("تغییر خواست"), "close_site": _("بستن مکان"),
    "come_again": _("بازگشت به"), "create": _("ساختن"), "decide": _("تصمیم دربارهٔ"), "delivery": _("ثبت رسیدن"),
    "end_membership": _("پایان عضویت در"), "forget_contact": _("پاک‌کردن رابط"),
    "keep_apart": _("جدا ماندن"), "lead": _("گماردن سرپرست"), "note_activity": _("ثبت کار"),
    "remove_item": _("برداشتن بند از"), "retire": _("کنار گذاشتن"), "send_codes": _("فرستادن کد برای"),
    "set": _("تعیین"), "set_consent": _("تغییر رضایت"), "set_leader": _("تعیین سرگروه"),
    "sign_up": _("نام‌نویسی در"), "split": _("تقسیم"), "suspect": _("یافتن"), "drop": _("کنار گذاشتن"),
    "draft": _("پیش‌نویس"), "publish": _("انتشار"), "verify": _("تأیید"), "open": _("گشودن"),
    "check": _("بازبینی"), "collect": _("جمع‌آوری"), "place": _("نصب"), "seal": _("مهروموم"), "lose": _("گم‌شدن"),
    "export": _("گرفتن فایل"), "damage": _("آسیب"), "picture": _("تصویر"), "news": _("خبر"), "goal": _("هدف"),
    "story": _("داستان"), "name": _("نام‌بردن"), "ask": _("پرسش از"), "agreed": _("رضایت"), "refused": _("رضایت ندادن"),
}  # fmt: skip

ALONE = {
    "sign_in": _("ورود"),
    "sign_out": _("خروج"),
    "sign_in.lock": _("قفل‌شدن ورود"),
    "hand_over.see": _("دیدن تحویل کار"),
    "password.change": _("تغییر گذرواژه"),
}


def action_name(action: str) -> str:
    """The Persian name of an action; the action itself where it has none."""
    if action in ALONE:
        return str(ALONE[action])
    noun, _dot, verb = action.partition(".")
    if noun not in NOUNS or verb not in VERBS:
        return action
    return f"{VERBS[verb]} {NOUNS[noun]}"
