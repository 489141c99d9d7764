/**
 * In the page itself, so that it is one file that asks nobody for anything. Colours of the standings can be
 * told apart without red and green, too: they differ in lightness.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #fff; --ink: #1b1f24; --soft: #5b6470; --line: #d9dee4; --raised: #f5f7f9;
  --good: #11875d; --bad: #c2183c; --warn: #8a5a00;
  --verified: #2a9d74; --mismatch: #d01c4a; --failed: #7d1128; --unverifiable: #e3a917;
  --pending: #9cc9ee; --running: #2f6fd0; --waiting: #c3cad2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --ink: #e4e8ed; --soft: #98a2ae; --line: #343b44; --raised: #1d2228;
    --good: #4cc79a; --bad: #ff6b88; --warn: #e8b84a;
    --verified: #2a9d74; --mismatch: #ff4d79; --failed: #ff9b7a; --unverifiable: #e3b83a;
    --pending: #7fb2dd; --running: #4a8df0; --waiting: #4a525c;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 76rem; padding: 2rem 1.5rem 4rem; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
}
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.1rem; }
header { border-left: .4rem solid var(--soft); padding-left: 1rem; }
header.passed { border-color: var(--good); } header.failed { border-color: var(--bad); }
header.unfinished, header.unproven { border-color: var(--unverifiable); }
.notice { margin: 1.25rem 0 0; padding: .6rem 1rem; border: 2px solid var(--warn); border-radius: .4rem; font-weight: 600; color: var(--warn); }
dl.figures { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0 0; }
dl.figures div { background: var(--raised); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .9rem; }
dt { color: var(--soft); font-size: .82rem; } dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
svg.strip { display: block; width: 100%; height: auto; }
svg .ground { fill: var(--raised); } svg a:hover rect { opacity: .7; }
.ends { display: flex; justify-content: space-between; margin: .3rem 0 0; color: var(--soft); font-size: .82rem; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; list-style: none; margin: .6rem 0 0; padding: 0; font-size: .88rem; }
.legend i { display: inline-block; width: .85em; height: .85em; border-radius: .15em; margin-right: .45em; vertical-align: -.05em; }
.s-verified { fill: var(--verified); background: var(--verified); } .s-mismatch { fill: var(--mismatch); background: var(--mismatch); }
.s-failed { fill: var(--failed); background: var(--failed); } .s-unverifiable { fill: var(--unverifiable); background: var(--unverifiable); }
.s-pending { fill: var(--pending); background: var(--pending); } .s-running { fill: var(--running); background: var(--running); }
.s-waiting { fill: var(--waiting); background: var(--waiting); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; min-width: min(100%, 34rem); font-size: .88rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td .who { display: inline-block; min-width: 8rem; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
tr:target td { background: var(--raised); box-shadow: inset 0 2px var(--running), inset 0 -2px var(--running); }
code, pre { font: .92em/1.45 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }
code { overflow-wrap: anywhere; } pre { margin: .2rem 0; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 18rem; overflow-y: auto; }
article { border: 1px solid var(--line); border-left: .3rem solid var(--bad); border-radius: .4rem; padding: .7rem 1rem; margin: 0 0 .75rem; break-inside: avoid; }
article h3 { margin: 0 0 .4rem; font-size: 1rem; }
article dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0; font-size: .9rem; }
article dd { font-weight: 400; }
.mark { white-space: nowrap; } .mark i { display: inline-block; width: .7em; height: .7em; border-radius: .15em; margin-right: .45em; }
a { color: inherit; } footer { margin-top: 3rem; color: var(--soft); font-size: .82rem; }
@media print {
  :root {
    color-scheme: light; --page: #fff; --ink: #000; --soft: #444; --line: #bbb; --raised: #f2f2f2;
    --good: #11875d; --bad: #c2183c; --warn: #8a5a00; --mismatch: #d01c4a; --failed: #7d1128;
    --unverifiable: #e3a917; --pending: #9cc9ee; --running: #2f6fd0; --waiting: #c3cad2;
  }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { max-width: none; padding: 0; font-size: 10px; } .wide, pre { overflow: visible; max-height: none; }
  tr { break-inside: avoid; } thead { display: table-header-group; } h2 { break-after: avoid; }
}
`;
