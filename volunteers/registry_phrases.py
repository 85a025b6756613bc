"""Words by which old registries name their columns and values: data of the reader."""

COLUMNS = {
    "name": "نام و نام خانوادگی|نام داوطلب|نام کامل|مشخصات|name",
    "first_name": "نام|نام کوچک",
    "last_name": "نام خانوادگی|فامیل|فامیلی|شهرت",
    "mobile": "همراه|شماره همراه|تلفن همراه|موبایل|شماره موبایل|شماره تماس|تلفن|mobile",
    "national_id": "کد ملی|کدملی|شماره ملی|کد ملی داوطلب|national_id",
    "born_on": "تاریخ تولد|تولد|روز تولد|born_on",
    "province": "استان|نام استان|province",
    "county": "شهرستان|شهر|نام شهرستان|county",
    "section": "بخش|حوزه|محور|section",
    "role": "نقش|نوع عضویت|role",
    "profession": "پیشه|شغل|حرفه|تخصص|رشته|profession",
    "licence_no": "شماره پروانه|شماره نظام|شماره نظام پزشکی|پروانه|licence_no",
    "skills": "مهارت|مهارت ها|توانایی|skills",
    "group": "گروه|نام گروه|تیم|group",
    "group_kind": "نوع گروه|group_kind",
}
NEEDED = ({"name", "last_name"}, {"mobile"})
SECTIONS = {
    "health": "سلامت|بهداشت|درمان|بهداشت و درمان",
    "empowerment": "توانمندسازی|توان مندسازی|آموزش",
    "cultural": "فرهنگی|فرهنگی هنری|هنری",
    "construction": "عمرانی|عمران|ساخت و ساز",
    "extracurricular": "فوق برنامه|فوق‌برنامه|ورزشی|تفریحی",
}
ROLES = {"specialist": "متخصص|کارشناس|specialist", "facilitator": "تسهیلگر|تسهیل گر|facilitator"}
GROUP_KINDS = {
    "facilitator": "تسهیلگر|گروه تسهیلگر|تسهیلگری",
    "hamyar": "همیار|گروه همیار|همیاران",
    "jihadi": "جهادی|گروه جهادی",
    "ngo": "سمن|خیریه|موسسه|مؤسسه",
}
COUNTY_WORDS = ("شهرستان", "شهر")
SPLIT = "،|,|;|؛|/|\\|| و "
