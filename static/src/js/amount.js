// The amount picker: groups digits while they are typed, says the amount in
// words, keeps quick amounts and the free field in step, and multiplies the
// number of persons by the announced rate of the chosen fund.

import { group, parseNumber, toPersian, words } from './digits.js';

// What is not a plain number («۵۰ هزار», a point, a leading zero) is left as typed, for the server to judge.
const PLAIN = /^\s*(?![0۰٠])[0-9۰-۹٠-٩][0-9۰-۹٠-٩٬,،'’\s]*$/;

function amountOf(input) {
  return PLAIN.test(input.value) ? parseNumber(input.value) : null;
}

function regroup(input) {
  const number = amountOf(input);
  if (number === null) return;
  const digitsBefore = input.value.slice(0, input.selectionStart || 0).replace(/[^0-9۰-۹٠-٩]/g, '').length;
  const text = group(number);
  if (text === input.value) return;
  input.value = text;
  if (document.activeElement !== input) return;
  let at = 0;
  for (let seen = 0; at < text.length && seen < digitsBefore; at += 1) {
    if (text[at] !== '٬') seen += 1;
  }
  input.setSelectionRange(at, at);
}

function setUpPicker(picker) {
  const input = picker.querySelector('[data-amount-input]');
  const output = picker.querySelector('[data-amount-words]');
  const chips = [...picker.querySelectorAll('[data-amount-chip]')];
  if (!input) return null;

  const say = () => {
    const number = amountOf(input);
    if (output) output.textContent = number ? `${words(number)} تومان` : '';
  };
  const markChip = () => {
    const number = amountOf(input);
    for (const chip of chips) chip.checked = Number(chip.value) === number;
  };
  const set = (number) => {
    input.value = number ? group(number) : '';
    markChip();
    say();
  };

  input.addEventListener('input', () => {
    regroup(input);
    markChip();
    say();
  });
  for (const chip of chips) {
    chip.addEventListener('change', () => {
      if (chip.checked) set(Number(chip.value));
    });
  }

  const chosen = chips.find((chip) => chip.checked);
  if (chosen && !input.value.trim()) set(Number(chosen.value));
  else {
    regroup(input);
    markChip();
    say();
  }
  return set;
}

function setUpPersons(form, setAmount) {
  const box = form.querySelector('[data-persons]');
  const funds = [...form.querySelectorAll('[data-fund]')];
  if (!box || !funds.length) return;
  const input = box.querySelector('input');
  const line = box.querySelector('[data-persons-line]');
  const groups = [...form.querySelectorAll('[data-rates]')];
  const notes = [...form.querySelectorAll('[data-no-rate]')];
  const amount = form.querySelector('[data-amount-input]');
  let touched = false;

  const fund = () => funds.find((one) => one.checked);
  const kind = () => (fund() && fund().dataset.rateKind) || '';
  const perHead = () => Boolean(fund() && fund().dataset.perPerson);
  // The announced rate that is ticked; 0 is an amount of one's own.
  const ticked = () => {
    const rates = groups.find((one) => one.dataset.rates === kind());
    return rates ? rates.querySelector('input:checked') : fund();
  };
  const rate = () => Number((ticked() && ticked().dataset.rate) || 0);
  const showRates = () => {
    for (const rates of groups) {
      rates.hidden = rates.dataset.rates !== kind();
      const now = rates.querySelector('[data-rate-now]');
      const one = rates.querySelector('input:checked');
      if (now && one && one.dataset.says) now.textContent = one.dataset.says;
    }
    for (const note of notes) note.hidden = note.dataset.noRate !== kind();
  };
  const show = () => {
    box.hidden = !perHead();
    showRates();
    const each = rate();
    const count = parseNumber(input.value) || 0;
    if (box.hidden || !each || !count) {
      if (line) line.textContent = '';
      return;
    }
    if (line) {
      line.textContent = `${toPersian(count)} × ${group(each)} = ${group(count * each)} تومان`;
    }
    if (touched) setAmount(count * each);
  };
  const change = (step) => {
    touched = true;
    input.value = toPersian(Math.min(999, Math.max(1, (parseNumber(input.value) || 0) + step)));
    show();
  };

  for (const one of funds) {
    one.addEventListener('change', () => {
      touched = perHead();
      if (perHead() && !parseNumber(input.value)) input.value = toPersian(1);
      show();
    });
  }
  for (const one of groups) {
    one.addEventListener('change', () => {
      touched = true;
      show();
    });
  }
  input.addEventListener('input', () => {
    touched = true;
    show();
  });
  // An amount of one's own that the rate does not allow is a free gift: the number of persons goes.
  form.addEventListener('change', (event) => {
    const due = rate() * (parseNumber(input.value) || 0);
    if (box.hidden || !due || !event.target.matches('[data-amount-input], [data-amount-chip]')) return;
    const given = amountOf(amount) || 0;
    if (given === due || (given > due && ticked().dataset.minimum)) return;
    touched = false;
    input.value = '';
    show();
  });
  for (const button of box.querySelectorAll('[data-step]')) {
    button.hidden = false;
    button.addEventListener('click', () => change(Number(button.dataset.step)));
  }
  if (perHead() && rate() && !input.value.trim() && !amount.value.trim()) change(1);
  else show();
}

export function setUpAmounts(page) {
  for (const picker of page.querySelectorAll('[data-amount]')) {
    const setAmount = setUpPicker(picker);
    const form = picker.closest('form');
    if (setAmount && form) setUpPersons(form, setAmount);
  }
}
