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

// The map: the nearest boxes first. The point goes into the field that may be typed into too, cut to a hundred metres.
function setUpNear(part) {
  const field = document.querySelector('[data-near]');
  const label = part.querySelector('[data-near-label]');
  if (!field || !navigator.geolocation) return;
  part.hidden = false;
  part.querySelector('button').addEventListener('click', () => {
    label.textContent = 'در حال یافتن نقطه…';
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field.value = `${coords.latitude.toFixed(3)}, ${coords.longitude.toFixed(3)}`;
        field.form.submit();
      },
      () => {
        label.textContent = 'نقطه پیدا نشد؛ شمارهٔ صندوقی نزدیک را بنویسید';
      },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 },
    );
  });
}

const nearMe = document.querySelector('[data-near-me]');
if (nearMe) setUpNear(nearMe);
