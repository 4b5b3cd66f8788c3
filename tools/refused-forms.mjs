// Collects the forms of ops that translators refuse, from their sources.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../src/translate', import.meta.url));

/** Methods and functions whose second argument names what must be known at conversion. */
const KNOWN = new Set(['constant', 'integers', 'integer', 'knownDim']);

/** Files whose refusals concern all ops; the page describes them in words. */
const GENERAL = new Set(['tf-op.ts', 'operand.ts', 'known-dim.ts', 'input-shape.ts', 'refused.ts']);

/**
 * Returns for each op what it refuses (`form`, `remedy`) and what it must know at conversion. Follows the functions that a
 * translator refers to, in its file and in imported ones.
 */
export function refusedForms() {
  const files = new Map();
  const fileAt = path => {
    if (!files.has(path)) files.set(path, parse(path));
    return files.get(path);
  };
  const facts = new Map();
  const folders = ['ops', 'ops/selection', 'ops/rare', 'control'].map(folder => join(ROOT, folder));
  const paths = folders.flatMap(folder => readdirSync(folder).map(name => join(folder, name)));
  for (const path of paths) {
    if (!path.endsWith('.ts') || path.endsWith('.test.ts')) continue;
    for (const [op, value] of translatorsIn(fileAt(path))) {
      const found = { forms: new Map(), known: new Set() };
      collect(value, fileAt(path), fileAt, new Set(), found);
      if (found.forms.size + found.known.size > 0) facts.set(op, found);
    }
  }
  return facts;
}

function parse(path) {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const declared = new Map();
  const imported = new Map();
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
      declared.set(statement.name.text, statement);
    if (ts.isVariableStatement(statement)) {
      for (const each of statement.declarationList.declarations) declared.set(each.name.getText(), each);
    }
    if (!ts.isImportDeclaration(statement) || statement.importClause?.isTypeOnly) continue;
    const from = resolve(dirname(path), statement.moduleSpecifier.text);
    const names = statement.importClause?.namedBindings?.elements ?? [];
    if (from.startsWith(ROOT))
      for (const { name, propertyName } of names) imported.set(name.text, [from, (propertyName ?? name).text]);
  }
  return { path, source, declared, imported };
}

function* translatorsIn({ declared }) {
  for (const each of declared.values()) {
    if (!ts.isVariableDeclaration(each) || each.type?.getText() !== 'Translators') continue;
    for (const property of each.initializer.properties ?? []) {
      if (ts.isPropertyAssignment(property)) yield [property.name.text, property.initializer];
      else if (property.name !== undefined) yield [property.name.text, property];
    }
  }
}

function collect(node, file, fileAt, visited, found) {
  const follow = name => {
    const [path, key] = file.imported.get(name) ?? [file.path, name];
    const place = `${path} ${key}`;
    const next = fileAt(path);
    const target = next.declared.get(key);
    if (target === undefined || visited.has(place) || GENERAL.has(path.slice(ROOT.length + 1))) return;
    visited.add(place);
    // A table holds the translators of other ops.
    if (ts.isVariableDeclaration(target) && target.type?.getText() === 'Translators') return;
    collect(target, next, fileAt, visited, found);
  };
  const visit = each => {
    if (ts.isNewExpression(each) && each.expression.getText() === 'DecantError') addForm(each, file, found.forms);
    if (ts.isCallExpression(each)) addKnown(each, found.known);
    if (ts.isIdentifier(each)) follow(each.text);
    ts.forEachChild(each, visit);
  };
  visit(node);
}

function addForm({ arguments: [code, message, details] }, { path }, forms) {
  if (code.text !== 'unsupported') return;
  const remedy = details?.properties?.find(({ name }) => name?.text === 'remedy')?.initializer;
  if (remedy === undefined) throw new Error(`${path}: ${message.getText()} has no remedy`);
  forms.set(textOf(message), textOf(remedy));
}

function addKnown({ expression, arguments: given }, known) {
  const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
  if (KNOWN.has(name) && given[1] !== undefined && ts.isStringLiteral(given[1])) known.add(given[1].text);
}

/** Returns the text of a literal, with what is inserted as `op.type` left out and as anything else as an ellipsis. */
function textOf(node) {
  if (node.text !== undefined && !ts.isIdentifier(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return node.getText();
  const parts = node.templateSpans.map(({ expression, literal }) => {
    const isOp = expression.getText() === 'op.type';
    return `${isOp ? 'the op' : '...'}${literal.text}`;
  });
  return node.head.text + parts.join('');
}
