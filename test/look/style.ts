/** Resembles Slack closely enough to see what is cut, doubled or too long. */
export const STYLE = `
body { margin: 0; padding: 12px; font: 15px/1.45 Lato, Helvetica, Arial, sans-serif; color: #1d1c1d; overflow-wrap: anywhere }
h3 { margin: 10px 0 4px; font-size: 18px; line-height: 1.3 } hr { border: 0; border-top: 1px solid #ddd; margin: 12px 0 }
a { color: #1264a3 } u { color: #868686; text-decoration: none } small, .context { color: #616061; font-size: 12.5px }
.home, .modal, .unfurl { border: 1px solid #ddd; border-radius: 8px; padding: 8px 14px; margin-bottom: 12px }
.top, .end { display: flex; justify-content: space-between; font-weight: 900; font-size: 19px; border-bottom: 1px solid #ddd; padding-bottom: 8px }
.end { justify-content: flex-end; gap: 8px; border: 0; border-top: 1px solid #ddd; padding: 10px 0 2px }
.unfurl { border: 0; border-left: 4px solid #ddd; border-radius: 0; margin-left: 48px }
.message { padding: 6px 4px 10px 48px; position: relative } .private { background: #f8f8f8 }
.thread { margin-left: 36px; border-left: 2px solid #ddd }
.who i { position: absolute; left: 6px; width: 34px; border-radius: 6px; background: #4a154b; color: #fff; text-align: center; font: bold 19px/34px Arial }
.section { display: flex; justify-content: space-between; gap: 12px; margin: 6px 0 } .context { margin: 4px 0 }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 4px 12px }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; align-items: center }
.button { flex: none; align-self: flex-start; border: 1px solid #bbb; border-radius: 5px; padding: 3px 12px; font: bold 13px/1.6 Lato, Helvetica, Arial, sans-serif; max-width: 30ch; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.primary { background: #007a5a; border-color: #007a5a; color: #fff } .danger { background: #e01e5a; border-color: #e01e5a; color: #fff }
.input { margin: 14px 0 } .input > small, .input em { display: block; font-style: normal }
.box { border: 1px solid #868686; border-radius: 5px; padding: 6px 10px; min-height: 22px; margin: 4px 0; display: flex; justify-content: space-between }
.many { min-height: 66px } .wrong .box { border-color: #e01e5a } .wrong em { color: #c01343 }
.folded { max-height: 306px; overflow: hidden }
img { display: block; width: 100%; max-width: 400px; margin: 4px 0 }
mark { background: #eef5fb; padding: 0 4px }
.phone .section:has(> .button), .phone .actions, .phone .fields { display: block } .phone .section > .button { display: inline-block; margin-top: 4px }
.phone .actions .button { display: block; max-width: none; margin-bottom: 6px; text-align: center }
`;
