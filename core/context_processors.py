from django.conf import settings


def portal(request):
    """What the shells of every page need: where we are and whether this is the demo."""
    return {"portal_base_url": settings.PORTAL_BASE_URL, "is_demo": settings.DEMO}
