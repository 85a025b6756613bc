// Everything here only helps: each page works without it.
import { setUpAmounts } from './amount.js';
import { setUpCopyButtons } from './copy.js';
import { setUpCounties } from './counties.js';
import { setUpForms } from './forms.js';
import { setUpLists } from './list.js';
import { setUpMenu } from './menu.js';
import { setUpPrint } from './print.js';
import { setUpSlash } from './slash.js';
import { setUpStatus } from './status.js';
import { setUpThemeSwitch } from './theme-switch.js';

for (const setUp of [
  setUpThemeSwitch,
  setUpMenu,
  setUpForms,
  setUpAmounts,
  setUpCounties,
  setUpCopyButtons,
  setUpStatus,
  setUpPrint,
  setUpSlash,
  setUpLists,
]) {
  try {
    setUp(document);
  } catch (error) {
    // One broken helper must not take the others along.
    console.error(error);
  }
}
