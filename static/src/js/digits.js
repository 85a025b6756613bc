// Persian text of numbers, the same as core/number_words.py makes on the server.

const PERSIAN = '۰۱۲۳۴۵۶۷۸۹';
const ARABIC = '٠١٢٣٤٥٦٧٨٩';

export function toAscii(text) {
  return text.replace(/[۰-۹٠-٩]/g, (digit) => {
    const at = PERSIAN.indexOf(digit);
    return String(at < 0 ? ARABIC.indexOf(digit) : at);
  });
}

export function toPersian(text) {
  return String(text).replace(/[0-9]/g, (digit) => PERSIAN[digit]);
}

// "2,500,000" or «۲٬۵۰۰٬۰۰۰» to 2500000; null when nothing was typed.
export function parseNumber(text) {
  const digits = toAscii(text).replace(/[^0-9]/g, '').slice(0, 15);
  return digits ? Number(digits) : null;
}

export function group(number) {
  return toPersian(String(number).replace(/\B(?=(\d{3})+$)/g, '٬'));
}

const ONES = [
  '', 'یک', 'دو', 'سه', 'چهار', 'پنج', 'شش', 'هفت', 'هشت', 'نه', 'ده', 'یازده', 'دوازده',
  'سیزده', 'چهارده', 'پانزده', 'شانزده', 'هفده', 'هجده', 'نوزده',
];
const TENS = ['', '', 'بیست', 'سی', 'چهل', 'پنجاه', 'شصت', 'هفتاد', 'هشتاد', 'نود'];
const HUNDREDS = [
  '', 'صد', 'دویست', 'سیصد', 'چهارصد', 'پانصد', 'ششصد', 'هفتصد', 'هشتصد', 'نهصد',
];
const SCALES = [
  [1e9, 'میلیارد'],
  [1e6, 'میلیون'],
  [1e3, 'هزار'],
];

// 2500000 to «دو میلیون و پانصد هزار». Above a milliard Iranians say «هزار میلیارد».
export function words(number) {
  if (number === 0) return 'صفر';
  const parts = [];
  let rest = number;
  for (const [size, name] of SCALES) {
    const count = Math.floor(rest / size);
    if (count) parts.push(count === 1 && size === 1e3 ? name : `${words(count)} ${name}`);
    rest %= size;
  }
  if (rest >= 100) parts.push(HUNDREDS[Math.floor(rest / 100)]);
  rest %= 100;
  if (rest >= 20) {
    parts.push(TENS[Math.floor(rest / 10)]);
    rest %= 10;
  }
  if (rest) parts.push(ONES[rest]);
  return parts.join(' و ');
}
