// The check must fail on what it is there to catch; each test feeds it one bad thing.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { root } from './build.mjs';
import { overBudget, physicalStyles, staleFiles, unsupportedScripts, unsupportedStyles } from './check.mjs';

const badStyles = {
  'the :has() selector': '.a:has(.b){color:red}',
  'container queries': '@container (min-width:1px){.a{color:red}}',
  'cascade layers': '@layer a{.a{color:red}}',
  'nesting left in the compiled file': '.a{color:red;& .b{color:blue}}',
  'new colours': '.a{color:oklch(50% 0.1 200)}',
  'mixed colours': '.a{color:color-mix(in srgb,red,blue)}',
  'light-dark()': '.a{color:light-dark(red,blue)}',
  'new viewport units': '.a{height:100svh}',
  'accent-color': 'input{accent-color:red}',
  'range media queries': '@media (width >= 40em){.a{color:red}}',
  'subgrid': '.a{grid-template-rows:subgrid}',
  'the dialog backdrop': 'dialog::backdrop{color:red}',
  'an unknown property': '.a{colour:red}',
};

for (const [what, code] of Object.entries(badStyles)) {
  test(`styles: ${what}`, async () => {
    assert.notDeepEqual(await unsupportedStyles(code), []);
  });
}

const badScripts = {
  'structuredClone': 'structuredClone({})',
  'Array.prototype.at': 'document.title.split("").at(-1)',
  'Object.hasOwn': 'Object.hasOwn({},"a")',
  'findLast': '[1].findLast(Boolean)',
  'toSorted': '[1].toSorted()',
  'a class static block': 'class A{static{this.a=1}}',
  'a private brand check': 'class A{#a;has(o){return #a in o}}',
  'top-level await': 'await fetch("/")',
  'requestSubmit': 'document.forms[0].requestSubmit()',
  'showModal': 'document.querySelector("dialog").showModal()',
  'the Navigation API': 'navigation.navigate("/")',
  'AbortSignal.timeout': 'fetch("/",{signal:AbortSignal.timeout(1)})',
  'the v flag of regular expressions': '/[a--b]/v.test("a")',
};

for (const [what, code] of Object.entries(badScripts)) {
  test(`scripts: ${what}`, async () => {
    assert.notDeepEqual(await unsupportedScripts(code), []);
  });
}

test('what the floor knows is let through', async () => {
  assert.deepEqual(await unsupportedStyles('.a{margin-inline:1rem;inset-inline:0;display:grid;gap:1rem}'), []);
  assert.deepEqual(await unsupportedScripts('fetch("/").then(r=>r?.json()??{});"a".replaceAll("a","b")'), []);
});

test('sides of the screen are refused in the sources', async () => {
  for (const code of ['.a{margin-left:1px}', '.a{left:0}', '.a{text-align:right}', '.a{float:left}', '.a{width:1px}']) {
    assert.notDeepEqual(await physicalStyles(code, 'src/css/a.css'), [], code);
  }
});

test('too heavy a file', () => {
  const noise = Buffer.from(Array.from({ length: 20000 }, (_, at) => (at * 7919 * 7919) % 256));
  const random = Buffer.concat([noise, Buffer.from(Array.from({ length: 40000 }, () => Math.floor(Math.random() * 256)))]);
  assert.equal(overBudget('dist/site.css', random).length, 1);
  assert.equal(overBudget('dist/site.css', Buffer.from('a{}')).length, 0);
  assert.equal(overBudget('dist/unknown.css', Buffer.from('')).length, 1);
});

test('a dist that differs from its sources', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'dist-'));
  try {
    cpSync(join(root, 'dist'), dir, { recursive: true });
    assert.deepEqual(await staleFiles(dir), []);
    writeFileSync(join(dir, 'site.css'), 'a{}');
    writeFileSync(join(dir, 'stray.js'), '');
    rmSync(join(dir, 'site.js'));
    assert.equal((await staleFiles(dir)).length, 3);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
