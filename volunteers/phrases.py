"""Persian sentences of this room."""

JOINED = "درخواست شما ثبت شد. کارشناسان استان با شما تماس می‌گیرند."
SENTENCES: dict = {}
