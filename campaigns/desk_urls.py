"""The desk's addresses of this room, below /desk/."""

from django.urls import path

from campaigns import desk_views

urlpatterns = [
    path("boxes/", desk_views.boxes, name="boxes"),
    path("boxes/new/", desk_views.box_new, name="box-new"),
    path("stickers/<int:job_id>/", desk_views.sticker_sheet, name="sticker-sheet"),
]
