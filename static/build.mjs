// Builds static/dist from static/src.
//
//   npm run build            writes static/dist
//   import { build }         returns the files as a Map, for the check
//
// Everything a visitor's browser reads is made here, for the floor named in
// package.json ("browserslist"): Chrome 95 and Safari 15.0.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleAsync } from 'lightningcss';
import { buildSync } from 'esbuild';

export const root = dirname(fileURLToPath(import.meta.url));
export const sheets = ['site', 'desk'];
export const scripts = ['theme', 'site', 'handover', 'counter', 'boxes'];
export const jsTarget = ['chrome95', 'safari15'];

const cssTargets = { chrome: 95 << 16, safari: 15 << 16, ios_saf: 15 << 16 };

// The dark colours are written once and used twice: by the visitor's system
// setting and by the switch on the page.
function withDarkTokens(css, src) {
  const dark = readFileSync(join(src, 'css/tokens-dark.css'), 'utf8');
  const body = dark.slice(dark.indexOf('{') + 1, dark.lastIndexOf('}'));
  return css.replaceAll('--dark-tokens: here;', body);
}

async function buildSheet(name, src) {
  const { code } = await bundleAsync({
    filename: join(src, 'css', `${name}.css`),
    minify: true,
    targets: cssTargets,
    resolver: {
      read: (file) => withDarkTokens(readFileSync(file, 'utf8'), src),
      resolve: (specifier, from) => join(dirname(from), specifier),
    },
  });
  // Addresses in the sources are right where the sources lie; dist lies one step higher.
  return Buffer.from(code.toString().replaceAll('../../', '../'));
}

function buildScript(name, src) {
  const result = buildSync({
    entryPoints: [join(src, 'js', `${name}.js`)],
    bundle: true,
    minify: true,
    format: 'iife',
    target: jsTarget,
    charset: 'utf8',
    legalComments: 'none',
    write: false,
  });
  return Buffer.from(result.outputFiles[0].contents);
}

// One file of drawings: each src/icons/NAME.svg becomes <symbol id="NAME">.
function buildIcons(src) {
  const dir = join(src, 'icons');
  const symbols = readdirSync(dir)
    .filter((file) => file.endsWith('.svg'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(dir, file), 'utf8');
      const viewBox = /viewBox="([^"]+)"/.exec(text)[1];
      const inner = text
        .slice(text.indexOf('>') + 1, text.lastIndexOf('</svg>'))
        .replace(/\s*\n\s*/g, '');
      return `<symbol id="${file.replace('.svg', '')}" viewBox="${viewBox}">${inner}</symbol>`;
    });
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`);
}

export async function build(src = join(root, 'src')) {
  const files = new Map();
  for (const name of sheets) files.set(`${name}.css`, await buildSheet(name, src));
  for (const name of scripts) files.set(`${name}.js`, buildScript(name, src));
  files.set('icons.svg', buildIcons(src));
  return files;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const dist = join(root, 'dist');
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  for (const [name, content] of await build()) {
    writeFileSync(join(dist, name), content);
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 8);
    console.log(relative(process.cwd(), join(dist, name)), content.length, hash);
  }
}
