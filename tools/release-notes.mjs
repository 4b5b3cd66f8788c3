// Prints the changelog's section for a tag, whose version must be that of package.json and src/version.ts:
//   node tools/release-notes.mjs v0.1.0
import { readFileSync } from 'node:fs';

const fail = message => {
  console.error(message);
  process.exit(1);
};

const [tag = ''] = process.argv.slice(2);
const version = tag.replace(/^v/, '');
const declared = {
  'package.json': JSON.parse(readFileSync('package.json', 'utf8')).version,
  'src/version.ts': /VERSION = '([^']*)'/.exec(readFileSync('src/version.ts', 'utf8'))?.[1],
};
for (const [file, found] of Object.entries(declared)) {
  if (tag !== `v${found}`) fail(`the tag is '${tag}', but the version in ${file} is ${found}`);
}

const sections = readFileSync('CHANGELOG.md', 'utf8').split(/^## /m).slice(1);
const section = sections.find(text => text.split(/\s/, 1)[0] === version);
if (section === undefined) fail(`CHANGELOG.md has no section '## ${version}'`);
const [heading, ...lines] = section.split('\n');
if (heading.includes('unreleased')) fail(`CHANGELOG.md still calls ${version} unreleased`);
console.log(lines.join('\n').trim());
