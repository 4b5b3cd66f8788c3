export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Content = Html | string | number | readonly Html[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function toText(content: Content): string {
  if (content instanceof Html) return content.text;
  if (typeof content === 'object') return content.map(({ text }) => text).join('');
  return String(content).replaceAll(/[&<>"']/g, character => ENTITIES[character]!);
}

/** Template tag: escapes values unless they are `Html`, and joins the template's lines by spaces. */
export const html = (parts: TemplateStringsArray, ...contents: readonly Content[]): Html =>
  new Html(
    parts
      .map((part, i) => part.replaceAll(/\s*\n\s*/g, ' ') + (i < contents.length ? toText(contents[i]!) : ''))
      .join(''),
  );
