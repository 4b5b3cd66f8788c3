import type { RtInfo } from './ir.ts';
import { attributeOf, childOf, parseXml, type XmlElement } from './parse-xml.ts';

export const toRtInfo = (element: XmlElement): RtInfo =>
  Object.fromEntries(
    element.children.map(child => {
      const name = child.tag === 'info' ? attributeOf(child, 'name') : child.tag;
      return [name, child.attributes['value'] ?? toRtInfo(child)];
    }),
  );

/** Reads the model's `<rt_info>`, which follows the layers, without parsing the rest. */
export function readRtInfo(xml: string): RtInfo {
  const start = xml.lastIndexOf('<rt_info');
  const end = xml.lastIndexOf('</rt_info>');
  // Layers have `<rt_info>` elements, too; the model's ends just before `</net>`.
  if (start < 0 || end < start || !/^<\/rt_info>\s*<\/net>/.test(xml.slice(end))) return {};
  const info = childOf(parseXml(`<net>${xml.slice(start)}`), 'rt_info');
  return info === undefined ? {} : toRtInfo(info);
}
