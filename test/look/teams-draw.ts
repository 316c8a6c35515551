/** Cards as the renderer of Adaptive Cards draws them, with colours and measures like those of Teams. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { TeamsShot } from './teams-day.ts';

const RENDERER = readFileSync(
  createRequire(import.meta.url).resolve('adaptivecards/dist/adaptivecards.min.js'),
  'utf8',
).replaceAll('</script', '<\\/script');

const colour = (shade: string, subtle = shade) => ({ default: shade, subtle });
const INKS = {
  default: colour('#242424', '#616161'),
  accent: colour('#5b5fc7'),
  good: colour('#237b4b'),
  warning: colour('#835c00'),
  attention: colour('#c4314b'),
};
const ground = (backgroundColor: string) => ({ backgroundColor, foregroundColors: INKS });
const HOST = {
  fontFamily: "'Segoe UI', 'Noto Sans', Arial, sans-serif",
  fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
  fontWeights: { lighter: 300, default: 400, bolder: 600 },
  spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
  separator: { lineThickness: 1, lineColor: '#e1dfdd' },
  containerStyles: {
    ...{ default: ground('#ffffff'), emphasis: ground('#f0f0f0'), accent: ground('#e8ebfa') },
    ...{ good: ground('#e7f2da'), warning: ground('#fbf6d9'), attention: ground('#fcf4f6') },
  },
  actions: { maxActions: 6, buttonSpacing: 8, actionsOrientation: 'horizontal', actionAlignment: 'left' },
  factSet: { title: { weight: 'bolder', wrap: true, maxWidth: 150 }, value: { wrap: true }, spacing: 12 },
};

const STYLE = `
body { margin: 0; padding: 12px; background: #f5f5f5; font: 14px/1.4 'Segoe UI', 'Noto Sans', Arial, sans-serif; overflow-wrap: anywhere }
.shot { background: #fff; border-radius: 8px; box-shadow: 0 1px 3px #0003; margin-bottom: 14px; max-width: 640px }
.dialog { border: 1px solid #ccc } .dialog .bar { padding: 12px 16px; font-size: 18px; font-weight: 700; border-bottom: 1px solid #eee }
.room::before { content: '# deals'; display: block; padding: 8px 16px 0; color: #616161; font-size: 12px }
.ac-pushButton { font: 600 14px/20px 'Segoe UI', 'Noto Sans', Arial, sans-serif; background: #fff; border: 1px solid #d1d1d1; border-radius: 4px; padding: 5px 12px; max-width: 100% }
.ac-pushButton.style-positive { background: #5b5fc7; border-color: #5b5fc7; color: #fff } .ac-pushButton.style-destructive { color: #c4314b }
.ac-actionSet { gap: 0 } .ac-input, select, textarea { box-sizing: border-box; width: 100%; font: inherit; padding: 6px 10px; border: 1px solid #d1d1d1; border-radius: 4px; background: #fff }
textarea { min-height: 84px } .ac-input-required-indicator { color: #c4314b }
.phone .ac-actionSet { flex-wrap: wrap }
`;

/** A page; `where`: desk or phone. There what More folds is unfolded: it is looked at too. */
export const toTeamsHtml = (shots: readonly TeamsShot[], where: string): string =>
  `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><body class="${where}"><script>${RENDERER}</script><script>{
const host = new AdaptiveCards.HostConfig(${JSON.stringify(HOST)});
// Only what the cards use of Markdown: signs that are escaped.
AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = text.replace(/\\\\([!-\\/:-@[-\`{-~])/g, '$1');
  result.didProcess = true;
};
for (const { as, title, card } of ${JSON.stringify(shots).replaceAll('<', '\\u003c')}) {
  const drawn = new AdaptiveCards.AdaptiveCard();
  drawn.hostConfig = host;
  drawn.parse(card, new AdaptiveCards.SerializationContext(new AdaptiveCards.Version(1, 6)));
  const more = drawn.getElementById('more');
  if (more) more.isVisible = ${where === 'phone'};
  const shot = document.createElement('div');
  shot.className = 'shot ' + as;
  if (title) {
    const bar = document.createElement('div');
    bar.className = 'bar';
    bar.textContent = title;
    shot.append(bar);
  }
  shot.append(drawn.render());
  document.body.append(shot);
}
}</script>`;
