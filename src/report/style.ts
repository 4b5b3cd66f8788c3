export const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d4d8de, #3a4048); --soft: light-dark(#f4f6f8, #1b1f24);
  --ink: light-dark(#1c2024, #e6e8eb); --dim: light-dark(#5b6470, #9aa4b0); --accent: light-dark(#0b62c4, #6db3ff); }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: light-dark(#fff, #121519); }
header, main { max-width: 1400px; margin: 0 auto; padding: 0 20px; }
h1 { font-size: 24px; margin: 24px 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 32px 0 8px; }
h3 { font-size: 14px; margin: 0; overflow-wrap: anywhere; }
p { margin: 4px 0; color: var(--dim); }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 8px 20px; margin: 16px 0; }
dt { color: var(--dim); font-size: 13px; }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 2px 14px 2px 0; text-align: left; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--dim); }
td.number, th.number { text-align: right; }
.scroll { overflow-x: auto; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr)); gap: 0 40px; }
.chart { width: 100%; max-width: 640px; height: auto; display: block; }
.chart text { font: 12px system-ui, sans-serif; fill: var(--dim); }
.chart .title { font-size: 12px; }
.names { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 0 0 12px; padding: 0 0 0 12%; list-style: none; font-size: 13px; color: var(--dim); }
.names span { display: inline-block; width: 14px; height: 4px; margin: 0 6px 3px 0; print-color-adjust: exact; }
.bars { max-width: 640px; margin: 0; padding: 0; list-style: none; font-size: 13px; color: var(--dim); }
.bars li { display: grid; grid-template-columns: 3fr 2fr; gap: 0 8px; align-items: center; margin: 0 0 6px; }
.bars .name { grid-column: 1 / -1; overflow-wrap: anywhere; }
.bars .bar { height: 16px; min-width: 1px; background: var(--accent); print-color-adjust: exact; }
.downloads a { margin-right: 16px; color: var(--accent); }
.chart .axis { stroke: var(--line); }
.chart .bar { fill: var(--accent); }
.chart .bar.below { opacity: .25; }
.chart .curve { fill: none; stroke-width: 2; }
.controls { position: sticky; top: 0; z-index: 1; padding: 10px 0; background: light-dark(#fffe, #121519ee);
  border-bottom: 1px solid var(--line); }
.controls label { display: inline-flex; gap: 6px; align-items: center; margin: 2px 14px 2px 0; }
.controls input[type=range] { width: min(360px, 50vw); accent-color: var(--accent); }
fieldset { border: 0; padding: 0; margin: 4px 0 0; max-height: 92px; overflow-y: auto; }
legend { float: left; margin: 2px 14px 2px 0; padding: 0; color: var(--dim); }
.swatch { width: 12px; height: 12px; border-radius: 3px; display: inline-block; }
.images { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(420px, 100%), 1fr)); gap: 20px;
  margin: 16px 0 60px; padding: 0; list-style: none; }
.images > li { border: 1px solid var(--line); border-radius: 8px; overflow: hidden; background: var(--soft);
  content-visibility: auto; contain-intrinsic-size: auto 380px; }
.images .about { padding: 8px 12px; }
.frame { position: relative; display: block; width: 100%; padding: 0; border: 0; background: none; cursor: zoom-in; }
dialog { padding: 0; border: 0; max-width: 96vw; max-height: 96vh; background: none; cursor: zoom-out; overflow: hidden; }
dialog::backdrop { background: #000c; }
dialog[open] { display: grid; }
dialog > * { grid-area: 1 / 1; width: auto; height: auto; max-width: 96vw; max-height: 96vh; }
dialog > img { width: 96vw; object-fit: contain; }
dialog > svg { width: 100%; height: 100%; }
.frame img, .frame svg { display: block; width: 100%; height: auto; }
.frame svg { position: absolute; inset: 0; height: 100%; }
.frame rect, dialog rect { fill: none; stroke-width: 2.5; vector-effect: non-scaling-stroke; }
.frame text, dialog text { paint-order: stroke; stroke: #000b; stroke-width: .22em; stroke-linejoin: round; fill: #fff;
  font-family: system-ui, sans-serif; font-weight: 600; }
.off { display: none; }
summary { cursor: pointer; color: var(--dim); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media print { .controls { position: static; } .images > li { content-visibility: visible; break-inside: avoid; } }
`;
