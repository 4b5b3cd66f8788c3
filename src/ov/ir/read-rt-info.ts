import type { RtInfo } from './ir.ts';
import { attributeOf, childOf, parseXml, type XmlElement } from './parse-xml.ts';

/** What an element of `<rt_info>` says. */
export const toRtInfo = (element: XmlElement): RtInfo =>
  Object.fromEntries(
    element.children.map(child => {
      const name = child.tag === 'info' ? attributeOf(child, 'name') : child.tag;
      return [name, child.attributes['value'] ?? toRtInfo(child)];
    }),
  );

/** The `<rt_info>` of a whole IR, which stands behind its layers; nothing else of the file is read. */
export function readRtInfo(xml: string): RtInfo {
  const start = xml.lastIndexOf('<rt_info');
  const end = xml.lastIndexOf('</rt_info>');
  // A layer may have one, too; the model's own ends just before `</net>`.
  if (start < 0 || end < start || !/^<\/rt_info>\s*<\/net>/.test(xml.slice(end))) return {};
  const info = childOf(parseXml(`<net>${xml.slice(start)}`), 'rt_info');
  return info === undefined ? {} : toRtInfo(info);
}
