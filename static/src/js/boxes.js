// A box in the street: the telephone writes the point where it is, for who allows it. By hand it works too.

function setUpSpot(part) {
  const button = part.querySelector('[data-locate]');
  const label = part.querySelector('[data-locate-label]');
  const [latitude, longitude] = ['latitude', 'longitude'].map((name) => part.querySelector(`[name$="${name}"]`));
  if (!button || !latitude || !longitude || !navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    label.textContent = 'در حال یافتن نقطه…';
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        latitude.value = coords.latitude.toFixed(6);
        longitude.value = coords.longitude.toFixed(6);
        label.textContent = 'نقطه نوشته شد';
      },
      () => {
        label.textContent = 'نقطه پیدا نشد؛ با دست بنویسید';
      },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 },
    );
  });
}

for (const part of document.querySelectorAll('[data-spot]')) setUpSpot(part);
