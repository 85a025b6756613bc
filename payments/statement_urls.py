"""The desk's addresses of statement files, below /desk/statements/."""

from django.urls import path

from payments import statement_views

urlpatterns = [
    path("", statement_views.statement_list, name="statements"),
    path("<int:import_id>/", statement_views.statement, name="statement"),
    path("<int:import_id>/unread.csv", statement_views.unread_csv, name="statement-unread-csv"),
    path("unread/<int:unread_id>/", statement_views.unread_line, name="statement-unread"),
]
