import ts from 'typescript';
import { expect, it } from 'vitest';
import { SOURCES } from './sources.ts';

/** Places of `new DecantError('unsupported', ...)` without details. */
function withoutRemedy(path: string, text: string): readonly string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isNewExpression(node) || node.expression.getText(file) !== 'DecantError') return;
    const [code, , details] = node.arguments ?? [];
    if (code?.getText(file) !== "'unsupported'" || details?.getText(file).includes('remedy') === true) return;
    found.push(`${path}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}`);
  };
  visit(file);
  return found;
}

it('says what to do instead of whatever is unsupported', () => {
  expect(SOURCES.flatMap(({ path, text }) => withoutRemedy(path, text))).toEqual([]);
});
