// npm run check: is static/dist what static/src builds to, can the floor browsers
// read it, and is it light enough? Each part is exported, so that its test can
// feed it bad files (check.test.mjs).

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { ESLint } from 'eslint';
import compat from 'eslint-plugin-compat';
import esx from 'eslint-plugin-es-x';
import stylelint from 'stylelint';
import { build, root } from './build.mjs';

const floor = JSON.parse(readFileSync(join(root, '../package.json'), 'utf8')).browserslist;

// --- (a) dist is what src builds to ------------------------------------------------------------------

export async function staleFiles(dist = join(root, 'dist'), src = join(root, 'src')) {
  const problems = [];
  const fresh = await build(src);
  const present = existsSync(dist) ? readdirSync(dist) : [];
  for (const [name, content] of fresh) {
    if (!present.includes(name)) problems.push(`dist/${name} is missing`);
    else if (!readFileSync(join(dist, name)).equals(content)) {
      problems.push(`dist/${name} is not what src builds to: run "npm run build"`);
    }
  }
  for (const name of present) {
    if (!fresh.has(name)) problems.push(`dist/${name} has no source`);
  }
  return problems;
}

// --- (b) styles the floor browsers understand ---------------------------------------------------------

// Named as by caniuse. Each is used so that a browser without it shows the page as well.
export const ignoredFeatures = {
  'css-focus-visible': 'inside @supports selector(:focus-visible); :focus alone draws the ring before',
  'css-scroll-behavior': 'Safari 15.0 jumps instead of gliding',
  'css-selection': 'iOS paints selected text in its own colour',
  'css-resize': 'iOS has no handle to drag; the field scrolls',
  'text-size-adjust': 'iOS reads the prefixed property beside it; others do not enlarge text by themselves',
};

export async function unsupportedStyles(code, from = 'compiled.css') {
  const { results } = await stylelint.lint({
    code,
    codeFilename: join(root, from),
    config: {
      plugins: ['stylelint-no-unsupported-browser-features'],
      rules: {
        'plugin/no-unsupported-browser-features': [
          true,
          { browsers: floor, ignore: Object.keys(ignoredFeatures), ignorePartialSupport: true },
        ],
        // Known to no caniuse feature above, or only in part.
        'at-rule-disallowed-list': ['layer', 'container', 'property', 'scope', 'starting-style', 'position-try'],
        'selector-pseudo-class-disallowed-list': [
          ['has', 'user-valid', 'user-invalid', 'popover-open', 'open', 'modal', 'state'],
          { message: 'too new a selector for the floor' },
        ],
        'selector-disallowed-list': ['/::backdrop/', '/(^|[\s,>+~])dialog\b/', '/::(view-transition|scroll-|details-content|highlight|target-text)/'],
        'unit-disallowed-list': ['dvh', 'svh', 'lvh', 'dvw', 'svw', 'lvw', 'dvb', 'dvi', 'cqw', 'cqi', 'cqb', 'cqh', 'lh', 'rlh', 'cap', 'ric', 'rex', 'rcap'],
        'function-disallowed-list': ['color-mix', 'light-dark', 'oklch', 'oklab', 'lch', 'lab', 'hwb', 'color', 'round', 'mod', 'rem', 'sin', 'cos', 'tan', 'pow', 'sqrt', 'anchor', 'linear', 'xywh', 'if', 'sibling-index'],
        'property-disallowed-list': ['accent-color', 'container', 'container-type', 'field-sizing', 'interpolate-size', 'translate', 'rotate', 'scale', 'offset-path', 'anchor-name', 'view-transition-name', 'animation-timeline', 'text-box', 'inset-area', 'zoom'],
        'property-no-unknown': true,
      },
    },
  });
  return results.flatMap((result) => [
    ...result.parseErrors.map((warning) => `${from}: ${warning.text}`),
    ...result.warnings.map((warning) => `${from}:${warning.line}:${warning.column} ${warning.text}`),
  ]);
}

// The page is right-to-left: sides are named by the line, never by the screen.
export async function physicalStyles(code, from) {
  const { results } = await stylelint.lint({
    code,
    codeFilename: join(root, from),
    config: {
      rules: {
        'property-disallowed-list': [
          '/^(margin|padding|border)-(left|right|top|bottom)/', 'left', 'right', 'top', 'bottom',
          'width', 'height', 'min-width', 'max-width', 'min-height', 'max-height', 'float',
        ],
        'declaration-property-value-disallowed-list': { 'text-align': ['left', 'right'] },
      },
    },
  });
  return results.flatMap((result) =>
    result.warnings.map((warning) => `${from}:${warning.line} ${warning.text}`),
  );
}

// --- (c) scripts the floor browsers understand --------------------------------------------------------

export async function unsupportedScripts(code, from = 'compiled.js') {
  const eslint = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    overrideConfig: [
      compat.configs['flat/recommended'],
      esx.configs['flat/restrict-to-es2021'], // Chrome 95 and Safari 15.0 know all of ES2021
      {
        files: ['**/*.js'],
        languageOptions: { ecmaVersion: 'latest', sourceType: 'script' },
        settings: { browsers: floor, 'es-x': { aggressive: true } },
        rules: {
          // Methods of elements and controllers, which no plugin tells from their names.
          'no-restricted-properties': [
            'error',
            ...[
              'requestSubmit', 'showModal', 'showPopover', 'hidePopover', 'togglePopover', 'checkVisibility',
              'moveBefore', 'setHTML', 'getHTML', 'attachInternals', 'startViewTransition', 'showPicker',
              'inert', 'throwIfAborted', 'cloneInto', 'groupBy', 'canParse', 'randomUUID',
            ].map((property) => ({ property, message: 'too new for the floor' })),
            { object: 'AbortSignal', property: 'timeout', message: 'too new for the floor' },
            { object: 'AbortSignal', property: 'any', message: 'too new for the floor' },
          ],
        },
      },
    ],
  });
  const results = await eslint.lintText(code, { filePath: join(root, from) });
  return results.flatMap((result) =>
    result.messages.map((found) => `${from}:${found.line}:${found.column} ${found.ruleId || 'syntax'}: ${found.message}`),
  );
}

// --- (d) budgets, in bytes after brotli ---------------------------------------------------------------

export const budgets = {
  'dist/site.css': 14 * 1024,
  'dist/desk.css': 4 * 1024,
  'dist/site.js': 6 * 1024,
  'dist/theme.js': 512,
  'dist/handover.js': 512,
  'dist/counter.js': 2 * 1024,
  'dist/boxes.js': 1024,
  'dist/icons.svg': 3 * 1024,
  'fonts/vazirmatn.woff2': 60 * 1024,
};

export function compressed(content) {
  return brotliCompressSync(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  }).length;
}

export function overBudget(name, content) {
  const limit = budgets[name];
  if (limit === undefined) return [`${name} has no budget in check.mjs`];
  const size = name.endsWith('.woff2') ? content.length : compressed(content);
  return size > limit ? [`${name} weighs ${size} bytes, more than ${limit}`] : [];
}

// --- all of it ----------------------------------------------------------------------------------------

function sourceSheets(dir = join(root, 'src/css')) {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    if (statSync(path).isDirectory()) return sourceSheets(path);
    return name.endsWith('.css') ? [path] : [];
  });
}

export async function check() {
  const problems = [...(await staleFiles())];
  const sizes = [];
  const shipped = readdirSync(join(root, 'dist')).map((name) => `dist/${name}`);
  for (const name of [...shipped, 'fonts/vazirmatn.woff2']) {
    const content = readFileSync(join(root, name));
    problems.push(...overBudget(name, content));
    sizes.push(`${name}: ${content.length} bytes, ${compressed(content)} after brotli`);
    if (name.endsWith('.css')) problems.push(...(await unsupportedStyles(content.toString(), name)));
    if (name.endsWith('.js')) problems.push(...(await unsupportedScripts(content.toString(), name)));
  }
  for (const path of sourceSheets()) {
    problems.push(...(await physicalStyles(readFileSync(path, 'utf8'), path.slice(root.length + 1))));
  }
  return { problems, sizes };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { problems, sizes } = await check();
  for (const line of sizes) console.log(line);
  for (const line of problems) console.error(line);
  if (problems.length) {
    console.error(`${problems.length} problem(s) in the pages' styles and scripts`);
    process.exit(1);
  }
  console.log('Styles and scripts are built, light, and readable by the floor browsers.');
}
