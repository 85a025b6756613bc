// The counter: shows only what the chosen way asks for, and adds up the notes while they are counted.
import { group, parseNumber, words } from './digits.js';

const RIAL = 10;

function setUpWays(form) {
  const ways = [...form.querySelectorAll('[data-way]')];
  const parts = [...form.querySelectorAll('[data-of-way]')];
  const show = () => {
    const chosen = ways.find((way) => way.checked);
    for (const part of parts) part.hidden = !chosen || part.dataset.ofWay !== chosen.value;
  };
  for (const way of ways) way.addEventListener('change', show);
  show();
}

function setUpCount(form) {
  const notes = [...form.querySelectorAll('[data-note]')];
  const total = form.querySelector('[data-count-sum]');
  const show = () => {
    let sum = 0;
    for (const note of notes) {
      const toman = ((parseNumber(note.value) || 0) * Number(note.dataset.note)) / RIAL;
      note.closest('tr').querySelector('[data-note-sum]').textContent = toman ? `${group(toman)} تومان` : '';
      sum += toman;
    }
    total.hidden = !sum;
    total.textContent = sum ? `${group(sum)} تومان` : '';
    if (sum) {
      const line = document.createElement('span');
      line.textContent = `${words(sum)} تومان`;
      total.append(line);
    }
  };
  // Enter goes to the next note, and from the last one to the button: a form half counted is not sent.
  form.addEventListener('keydown', (event) => {
    const at = notes.indexOf(event.target);
    if (event.key !== 'Enter' || at < 0) return;
    event.preventDefault();
    (notes[at + 1] || form.querySelector('button[type="submit"]')).focus();
  });
  form.addEventListener('input', show);
  show();
}

for (const form of document.querySelectorAll('[data-ways]')) setUpWays(form);
for (const form of document.querySelectorAll('[data-count]')) setUpCount(form);
