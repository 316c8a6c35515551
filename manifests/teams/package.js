/**
 * `npm run teams:package [-- <out.zip>]`: the app that Teams takes, from manifest.json and the two icons beside it. What
 * differs from house to house comes from the environment, or a `.env` file.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';

const HERE = import.meta.dirname;
const ICONS = { 'color.png': 192, 'outline.png': 32 };
const OUT = 'dist/ace-desk-teams.zip';

/** Same input, same zip: a clock would make each one new. Local noon: a zip knows no time zones. */
const MOMENT = new Date(1980, 0, 1, 12);

const GUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const isId = (text) => GUID.test(text) && /[1-9a-f]/i.test(text);

/** Teams follows names only, at the usual port; hosts in `.example` are placeholders for ever (RFC 2606). */
function isHouse(text) {
  const { protocol, origin, href, hostname, port } = toUrl(text);
  const isName =
    /^([a-z0-9-]+\.)+[a-z][a-z0-9-]+$/.test(hostname) &&
    !/\.(example|localhost|invalid|test)$/.test(hostname);
  return protocol === 'https:' && href === `${origin}/` && isName && port === '';
}

function isPage(text) {
  const { protocol, username, hostname } = toUrl(text);
  return protocol === 'https:' && username === '' && !/(^|\.)example$/.test(hostname);
}

const toUrl = (text) => (URL.canParse(text) ? new URL(text) : { hostname: '' });

const PAGE = 'must be an https:// address of your company’s';
const VARIABLES = [
  {
    name: 'MicrosoftAppId',
    isRight: isId,
    wrong: 'is no application (client) id, such as 1b2c3d4e-0a1b-4c2d-8e3f-001122334455',
    missing: 'is missing: the application (client) id of the bot’s app registration',
  },
  {
    name: 'PUBLIC_URL',
    isRight: isHouse,
    wrong: 'must be https:// and the public name of a host, without port or path',
    missing: 'is missing: https:// and the host under which Teams reaches this house',
  },
  { name: 'TEAMS_PRIVACY_URL', isRight: isPage, wrong: PAGE },
  { name: 'TEAMS_TERMS_URL', isRight: isPage, wrong: PAGE },
];

class PackageError extends Error {
  name = 'PackageError';
}

/**
 * @param template the text of manifest.json
 * @param environment such as process.env; empty values count as left out
 * @param version of ace-desk; Teams takes an update only under a higher one
 * @throws PackageError naming all that is missing, wrong or still a placeholder
 */
export function fill(template, environment, version) {
  const faults = VARIABLES.flatMap(({ name, isRight, wrong, missing }) => {
    const value = environment[name];
    if (!value) return missing ? [`${name} ${missing}`] : [];
    return isRight(value) ? [] : [`${name} ${wrong}`];
  });
  if (!/^\d+\.\d+\.\d+$/.test(version))
    faults.push(`version in package.json is ${version}: Teams takes 1.2.3`);
  refuse(faults);
  const values = toValues(environment, version);
  const put = (text) =>
    text.replace(/\$\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? values[name] : whole));
  const manifest = JSON.parse(template, (_, value) => (typeof value === 'string' ? put(value) : value));
  refuse(leftIn(manifest).map((text) => `manifest.json still holds a placeholder: ${text}`));
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function toValues(environment, version) {
  const { MicrosoftAppId, PUBLIC_URL, SUPPORT_URL, TEAMS_PRIVACY_URL, TEAMS_TERMS_URL } = environment;
  const { origin, hostname } = new URL(PUBLIC_URL);
  return {
    VERSION: version,
    MicrosoftAppId: MicrosoftAppId.toLowerCase(),
    PUBLIC_HOST: hostname,
    // In ace-desk itself SUPPORT_URL may be mailto: as well; Teams wants a page.
    SUPPORT_URL: SUPPORT_URL && isPage(SUPPORT_URL) ? SUPPORT_URL : origin,
    TEAMS_PRIVACY_URL: TEAMS_PRIVACY_URL || origin,
    TEAMS_TERMS_URL: TEAMS_TERMS_URL || origin,
  };
}

const PLACEHOLDERS = /\$\{|\{\{|<<|\bTODO\b|\.example\b|your-company|0{8}-0{4}-0{4}-0{4}-0{12}/;

const leftIn = (value) =>
  typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(leftIn)
    : PLACEHOLDERS.test(String(value))
      ? [String(value)]
      : [];

function refuse(faults) {
  if (faults.length > 0)
    throw new PackageError(`The package needs a hand:\n${faults.map((it) => `  - ${it}`).join('\n')}`);
}

/** The bytes of an icon. Width and height stand at a fixed place of every PNG. */
function icon(name, side) {
  const bytes = readFileSync(path.join(HERE, name));
  const isPng = bytes.length > 24 && bytes.toString('latin1', 1, 4) === 'PNG';
  if (!isPng || bytes.readUInt32BE(16) !== side || bytes.readUInt32BE(20) !== side)
    refuse([`${name} must be a PNG of ${side} × ${side} pixels`]);
  return bytes;
}

function main() {
  const [out = OUT, ...rest] = process.argv.slice(2);
  if (rest.length > 0 || !out.endsWith('.zip'))
    throw new PackageError('npm run teams:package [-- <out.zip>]');
  if (existsSync('.env')) process.loadEnvFile('.env');
  const { version } = JSON.parse(readFileSync(path.join(HERE, '../../package.json'), 'utf8'));
  const text = fill(readFileSync(path.join(HERE, 'manifest.json'), 'utf8'), process.env, version);
  const icons = Object.entries(ICONS).map(([name, side]) => [name, icon(name, side)]);
  const files = { 'manifest.json': strToU8(text), ...Object.fromEntries(icons) };
  mkdirSync(path.dirname(out), { recursive: true });
  writeFileSync(out, zipSync(files, { level: 9, mtime: MOMENT }));
  process.stdout.write(said(out, JSON.parse(text)));
}

function said(out, { version, id, validDomains: [host], developer }) {
  const home = `https://${host}`;
  const pages = {
    SUPPORT_URL: 'websiteUrl',
    TEAMS_PRIVACY_URL: 'privacyUrl',
    TEAMS_TERMS_URL: 'termsOfUseUrl',
  };
  const unset = Object.keys(pages).filter((name) => developer[pages[name]] === home);
  const hint = `Its links to help, privacy and terms lead to a plain page of ace-desk’s at ${home}. Before others install it, set what is to lead to pages of your company: ${unset.join(', ')}.\n`;
  return `Wrote ${out}: ace-desk ${version}, bot ${id}, at ${home}.\n${unset.length > 0 ? hint : ''}`;
}

if (process.argv[1] === import.meta.filename)
  try {
    main();
  } catch (error) {
    // What somebody can mend is said plainly; anything else is a bug and keeps its stack.
    process.stderr.write(`${error.name === 'PackageError' || error.code ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
