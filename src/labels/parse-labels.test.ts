import { describe, expect, it } from 'vitest';
import { DecantError } from '../errors.ts';
import { parseLabels } from './parse-labels.ts';

const parse = (text: string, firstId?: number) => Object.fromEntries(parseLabels(text, 'labels.txt', firstId));

describe('one name per line', () => {
  it('numbers names from the first id', () => {
    expect(parse('cat\ntraffic light\n')).toEqual({ 0: 'cat', 1: 'traffic light' });
    expect(parse('cat\r\ndog\r\n\r\n', 1)).toEqual({ 1: 'cat', 2: 'dog' });
    expect(parse('\uFEFFcat')).toEqual({ 0: 'cat' });
  });

  it('leaves out the quotes of a program', () => {
    expect(parse(`'cat',\n'hot dog',\n'it's'`)).toEqual({ 0: 'cat', 1: 'hot dog', 2: "it's" });
    expect(parse('"background"\n"cat"', 1)).toEqual({ 0: 'background', 1: 'cat' });
    expect(parse(`'cat'\ndog`)).toEqual({ 0: "'cat'", 1: 'dog' });
  });

  it('counts the background as 0', () => {
    expect(parse('background\ncat', 1)).toEqual({ 0: 'background', 1: 'cat' });
  });
});

describe('an id and a name per line', () => {
  it.each(['1: cat\n18: hot dog', '1:cat\n18 : hot dog', '1 cat\n18  hot dog', '1\tcat\n18\thot dog'])(
    'reads %j',
    text => {
      expect(parse(text, 1)).toEqual({ 1: 'cat', 18: 'hot dog' });
    },
  );
});

describe('CSV', () => {
  it.each([
    '1,cat\n18,"hot dog"',
    '1, cat\n18, hot dog',
    'cat,1\nhot dog,18',
    'id,name\n1,cat\n18,hot dog',
    'name,id\ncat,1\nhot dog,18',
    'id;name\n1;cat\n18;"hot dog"',
    'name;id\ncat;1\nhot dog;18',
    'id\tname\n1\tcat\n18\thot dog',
  ])('reads %j', text => {
    expect(parse(text, 1)).toEqual({ 1: 'cat', 18: 'hot dog' });
  });

  it.each([' ', '\t', ',', ', ', '1', '1,'])('is read or rejected in time if %j is repeated', unit => {
    const many = unit.repeat(300_000);
    expect(() => parse(`a${many}b`)).not.toThrow();
    for (const text of [`0\tcat\n1${many}dog`, `cat\t0\ndog${many}b`, `cat,0\ndog,${many}`]) {
      try {
        parse(text);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(DecantError);
      }
    }
  });

  it('doubles quotes', () => {
    expect(parse('1,"12"" knife"\n2,cat')).toEqual({ 1: '12" knife', 2: 'cat' });
  });

  it('is not a list of names with commas', () => {
    expect(parse('cat, wild\ndog')).toEqual({ 0: 'cat, wild', 1: 'dog' });
    expect(parse('car\n2 wheeler')).toEqual({ 0: 'car', 1: '2 wheeler' });
  });
});

describe('a TensorFlow label map', () => {
  it('prefers display_name over name', () => {
    const text = `# classes
      item {
        name: "/m/01g317"
        id: 1
        display_name: "person"
      }
      item: < id: 18, name: 'dog' >;
      item{id:3 name:'it\\'s # \\"{\\"' keypoints { id: 7 label: "nose" } other: [1, 2] frequency: RARE}`;
    expect(parse(text)).toEqual({ 1: 'person', 18: 'dog', 3: `it's # "{"` });
  });

  it('decodes octal bytes', () => {
    expect(parse(`item { id: 1 name: "caf\\303\\251 \\\\101" }`)).toEqual({ 1: 'café \\101' });
  });

  it('decodes hexadecimal bytes', () => {
    expect(parse(String.raw`item { id: 1 name: "\xe7\x8c\xab" }`)).toEqual({ 1: '猫' });
  });

  it('joins successive strings', () => {
    expect(parse(`item { id: 2 name: "black" ' cat' }`)).toEqual({ 2: 'black cat' });
  });

  it('is recognized after many comments', () => {
    expect(() => parse('#'.repeat(100_000))).not.toThrow();
    expect(parse(`${'#\n'.repeat(10_000)}item { id: 1 name: "cat" }`)).toEqual({ 1: 'cat' });
  });

  it('joins strings that contain the other quotes', () => {
    expect(parse(`item { id: 2 name: 'the "black"' " cat's" }`)).toEqual({ 2: `the "black" cat's` });
  });

  it.each([' ', '\n', '#\n', '\\"', `"'`, '"', "item{'"])(
    'is read or rejected in time if %j is repeated',
    unit => {
      const many = unit.repeat(300_000);
      for (const text of [`item${many}`, `item { ${many}`, `item { id: 1 name: "${many}`]) {
        try {
          parse(text);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: expect.stringMatching(/^(?:malformed|limit)$/) as string });
        }
      }
    },
    10_000,
  );

  it.each([
    ["item {\n name: 'a'\n}", 'labels.txt, line 1: this item has no id'],
    ['item {\n id: 1\n}', 'labels.txt, line 1: this item has neither a name nor a display_name'],
    ["item { id: 1 name: 'a' }\n\nitem {\n id: x name: 'b' }", "labels.txt, line 4: 'x' is not an id"],
    ["item { id: 1 name: 'a' }\nitem { id: 1 name: 'b' }", 'labels.txt, line 2: duplicate id 1'],
    ["item { id: 1 name: 'a' }\nitme { id: 2 }", "labels.txt, line 2: expected 'item {', found 'itme'"],
    ["item { id: 1 name: 'a' }\nitem", "labels.txt, line 2: expected 'item {', found 'item'"],
    ["item { id: 1 name: 'a'\nitem { id: 2 name: 'b' }", 'labels.txt, line 1: this item is not closed'],
    ["item {\n id: 1 name: 'a'\n item {\n id: 2 name: 'b'\n }\n}", 'labels.txt, line 1: this item is not closed'],
    [String.raw`item { id: 1 name: "\d" }`, String.raw`labels.txt, line 1: \d is not a valid escape sequence`],
    ['item {\n id: 1\n name: a }', 'labels.txt, line 3: a is not a quoted name'],
    ["item { id: 1 name: 'a\n' }", "labels.txt, line 1: the string 'a is not closed"],
    ['item { id: 1 name:', 'labels.txt, line 1: this item is not closed'],
  ])('reports %j', (text, message) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'malformed', message }));
  });
});

describe('JSON', () => {
  it('reads an array of names or an object from id to name', () => {
    expect(parse('["cat", "dog"]', 1)).toEqual({ 1: 'cat', 2: 'dog' });
    expect(parse('["background", "cat"]', 1)).toEqual({ 0: 'background', 1: 'cat' });
    expect(parse(' {"1": "cat", "18": "dog"}')).toEqual({ 1: 'cat', 18: 'dog' });
  });

  it('reads an object from name to id, as Keras saves class indices', () => {
    expect(parse('{"cat": 0, "dog": 1}')).toEqual({ 0: 'cat', 1: 'dog' });
  });

  it('reads the categories of COCO annotations', () => {
    expect(parse('{"images": [], "categories": [{"id": 1, "name": "cat"}, {"id": 18, "name": "dog"}]}')).toEqual({
      1: 'cat',
      18: 'dog',
    });
  });

  it.each([
    ['{"categories": [{"name": "a"}]}', 'labels.txt: category 0 has no id and name: {"name":"a"}'],
    ['{"categories": [null]}', 'labels.txt: category 0 has no id and name: null'],
    ['["a", 2]', 'labels.txt: entry 1 is not a name: 2'],
    ['{"cat": "dog"}', "labels.txt: the key 'cat' is not a class id"],
    ['{"cat": 1, "dog": 1}', 'labels.txt: duplicate id 1'],
    ['{"1": null}', 'labels.txt: the value of class 1 is not a name: null'],
    ['{"1": "a", "01": "b"}', 'labels.txt: duplicate id 1'],
    ['[]', 'labels.txt has no labels'],
  ])('reports %j', (text, message) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'malformed', message }));
  });

  it('reports a syntax error', () => {
    expect(() => parse('["a",')).toThrow(/labels\.txt is not JSON: /);
    expect(() => parseLabels('// names\n["a"]', 'labels.json')).toThrow(/labels\.json is not JSON: /);
    for (const value of ['"cat"', '3', 'null', 'true'])
      expect(() => parseLabels(value, 'labels.json')).toThrow(`not in a list or an object, but ${value}`);
  });
});

describe('YAML with names', () => {
  it.each([
    [
      'a map',
      'task: detect\nnames:\n  0: person\n  2: "fire hydrant"\nstride: 32\n',
      ['person', undefined, 'fire hydrant'],
    ],
    ['a list', 'nc: 2\nnames:\n- cat # small\n\n- dog\nargs: {}', ['cat', 'dog']],
    ['an inline map', "names: {0: cat, 1: 'it''s a dog'}", ['cat', "it's a dog"]],
    ['an inline list in lines', "names: ['cat', # small\n  dog]\n", ['cat', 'dog']],
    [
      'quotes and comments',
      `names:\n  - "c # sharp" # a key\n  - 'it''s # one'\n  - plain # two\n`,
      ['c # sharp', "it's # one", 'plain'],
    ],
    [
      'escape sequences',
      String.raw`names: ["\u732b", "caf\xe9", "\U0001F415", "a \"b\" \\n"]`,
      ['猫', 'café', '🐕', String.raw`a "b" \n`],
    ],
    ['digits after escape sequences', String.raw`names: ["\u00e9a", "\xe9e", "\U0001F4151"]`, ['éa', 'ée', '🐕1']],
    ['Windows line ends', 'names:\r\n  0: cat\r\n  1: dog\r\n', ['cat', 'dog']],
  ])('reads %s', (_, text, names) => {
    expect(parse(text)).toEqual(Object.fromEntries(Object.entries(names).filter(([, name]) => name !== undefined)));
  });
});

it.each([' ', '\n', '#', ' #', ', ', '\\"', "''", '"', '0: ', '- ', 'a'])(
  'YAML is read or rejected in time if %j is repeated',
  unit => {
    const many = unit.repeat(100_000);
    for (const start of [
      'names: [',
      'names: {0: ',
      'names: ["',
      "names: ['",
      'names: [a',
      'names:\n  - a',
      'names:\n  - "',
    ]) {
      for (const end of ['', 'b]', 'b', '"', ': b}']) {
        try {
          parse(`${start}${many}${end}`);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'malformed' });
        }
      }
    }
  },
  20_000,
);

describe('malformed lists', () => {
  it.each([
    ['', 'labels.txt has no labels'],
    [' \n \n', 'labels.txt has no labels'],
    ['nc: 2\nnames: cat', 'labels.txt, line 2: the names are neither a list nor a map'],
    ['names:\n  0: cat\n  dog', "labels.txt, line 3: 'dog' is not a class name"],
    ['names:\n  0: cat\n  0: dog', 'labels.txt, line 3: duplicate id 0'],
    ["names: ['cat', 'dog'", 'labels.txt, line 1: the list of names is malformed at "\'dog\'"'],
    ['cat\n\ndog', 'labels.txt, line 2: the line is empty, but every class needs a name'],
    [
      '<!DOCTYPE html>\n<title>labels.txt</title>',
      'labels.txt, line 1: this is XML or HTML, not a list of class names',
    ],
    ['1: cat\ndog', "labels.txt, line 2: 'dog' has no id, but the first line has one"],
    ['1: cat\n2: dog\n1: cow', 'labels.txt, line 3: duplicate id 1'],
    ['1: cat\n2147483648: dog', 'labels.txt, line 2: the id 2147483648 is larger than 2147483647'],
    [String.raw`item { id: 1 name: "\xff" }`, 'labels.txt, line 1: the bytes of this name are not UTF-8'],
    [String.raw`names: ["\q"]`, String.raw`labels.txt, line 1: \q is not an escape sequence that decant knows`],
    ['names:\n  - "cat', 'labels.txt, line 2: "cat is not closed'],
    ['names:\n  - {name: cat}', 'labels.txt, line 2: "{name: cat}" is not a class name'],
    ['names: [cat, dog # small\n  ]', 'labels.txt, line 1: "dog # small" is not a class name'],
  ])('reports %j', (text, message) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'malformed', message }));
  });
});

it.each([
  ['lines', 'a\n'.repeat(200_000), /has 200000 classes/],
  ['JSON', `[${'"a",'.repeat(200_000)}"b"]`, /has 200001 classes/],
  ['a very long text', ' '.repeat(2 ** 24) + 'a', /is too long for a list of class names/],
])('refuses %s that cannot be class names', (_, text, message) => {
  const matching = expect.stringMatching(message) as string;
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'limit', message: matching }));
});
