/** Text that is HTML already. */
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

const toText = (content: Content): string =>
  content instanceof Html
    ? content.text
    : typeof content === 'object'
      ? content.map(({ text }) => text).join('')
      : String(content).replaceAll(/[&<>"']/g, character => ENTITIES[character]!);

/**
 * HTML from a template; what is put into it stands there as text, unless it is HTML itself. The template's own lines are
 * joined by spaces.
 */
export const html = (parts: TemplateStringsArray, ...contents: readonly Content[]): Html =>
  new Html(
    parts
      .map((part, i) => part.replaceAll(/\s*\n\s*/g, ' ') + (i < contents.length ? toText(contents[i]!) : ''))
      .join(''),
  );
