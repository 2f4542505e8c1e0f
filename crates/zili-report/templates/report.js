// Charts for a zili report. The numbers live once, in the page's tables; this
// script reads them from there and draws. Without it the page still reads.
(() => {
"use strict";

const PRINT_WIDTH = 680;   // CSS pixels between the margins of an A4 sheet
const NBSP = "\u00a0";

/* ---------- elements, text and numbers ---------- */

function build(node, attrs, kids) {
  for (const [name, value] of Object.entries(attrs || {})) {
    if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value);
  }
  node.append(...kids.flat().filter((kid) => kid !== null && kid !== undefined && kid !== false));
  return node;
}
const html = (tag, attrs, ...kids) => build(document.createElement(tag), attrs, kids);
const svg = (tag, attrs, ...kids) =>
  build(document.createElementNS("http://www.w3.org/2000/svg", tag), attrs, kids);
const text = (x, y, content, attrs) => svg("text", { x, y, ...attrs }, content);
const line = (x1, y1, x2, y2, cls) => svg("line", { x1, y1, x2, y2, class: cls });

const pen = document.createElement("canvas").getContext("2d");
const family = getComputedStyle(document.body).fontFamily;
function textWidth(string, size = 13, weight = 400) {
  pen.font = `${weight} ${size}px ${family}`;
  return pen.measureText(string).width;
}

// Shorten to a width; the full text stays in the tooltip and the table.
function fit(string, width, size = 13, weight = 400) {
  if (textWidth(string, size, weight) <= width) return string;
  let end = string.length;
  while (end > 1 && textWidth(string.slice(0, end).trimEnd() + "…", size, weight) > width) end--;
  return string.slice(0, end).replace(/[\s,;:]+$/, "") + "…";
}

const grouped = (v) => Math.round(v).toLocaleString("en-US");

const MULTIPLES = { thousand: 1e-3, thousands: 1e-3, 1000: 1e-3, million: 1, millions: 1, mio: 1, m: 1, billion: 1e3, billions: 1e3, bn: 1e3 };

// For people: 1,230,000 million USD reads better as 1.23 T USD. A unit that is not understood stands as it is.
function money(amount, unit) {
  const [multiple, ...currency] = unit.split(/\s+/).filter((word) => word.toLowerCase() !== "of");
  const factor = MULTIPLES[multiple.toLowerCase()];
  if (factor === undefined || currency.length === 0) return `${grouped(amount)}${NBSP}${unit.replace(/ /g, NBSP)}`;
  const v = amount * factor;
  const size = Math.abs(v);
  const of = (string, multiple) => `${string}${NBSP}${multiple}${NBSP}${currency.join(NBSP)}`;
  if (size >= 1e6) return of((v / 1e6).toFixed(2), "T");
  if (size >= 1e5) return of((v / 1e3).toFixed(0), "bn");
  if (size >= 1e3) return of((v / 1e3).toFixed(1), "bn");
  return of(grouped(v), "m");
}

// The unit of a format "money:million USD"; nothing for another format.
const moneyUnit = (format) => (format && format.startsWith("money:") ? format.slice(6) : null);

// A minus, but not before what is nothing when rounded.
const signed = (string) => string.replace(/^-(?=[0.]+(?![\d.]))/, "").replace(/^-/, "−");

function show(v, format) {
  return v === null || v === undefined ? "–" : signed(unsigned(v, format));
}

function unsigned(v, format) {
  const unit = moneyUnit(format);
  if (unit !== null) return money(v, unit);
  switch (format) {
    case "share": return `${(100 * v).toFixed(Math.abs(v) < 0.1 ? 2 : 1)}${NBSP}%`;
    case "number": return v.toFixed(3);
    case "integer": return grouped(v);
    default: return String(v);
  }
}

// Tick labels carry no more decimals than their step needs.
function tickLabel(v, format, step) {
  return signed(unsignedTick(v, format, step));
}

function unsignedTick(v, format, step) {
  if (format === "share") return `${(100 * v).toFixed(Math.max(0, -Math.floor(Math.log10(100 * step) + 1e-9)))}${NBSP}%`;
  const unit = moneyUnit(format);
  if (unit !== null) return v === 0 ? "0" : money(v, unit).replace(/\.0+(?=\D)/, "");
  return v.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}

// Round steps of 1, 2 or 5 from zero to just above max.
function ticksTo(max, count) {
  const rough = (max || 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999);
  const top = Math.ceil((max || 1) / step - 1e-9);
  return { step, max: top * step, values: Array.from({ length: top + 1 }, (_, i) => i * step) };
}

const scale = (max, from, to) => (v) => from + (v / (max || 1)) * (to - from);
// Lengths start at zero: a value below it is written out, not drawn.
const length = (v) => Math.max(v ?? 0, 0);
const largest = (items, ...keys) =>
  Math.max(0, ...items.flatMap((item) => keys.map((key) => item[key] ?? 0)));
const descending = (key) => (a, b) => (b[key] ?? -Infinity) - (a[key] ?? -Infinity);

/* ---------- the table is the data ---------- */

function readTable(table) {
  const columns = [...table.tHead.rows[0].cells].map((th) => ({
    name: th.dataset.name, label: th.dataset.label, unit: th.dataset.unit, format: th.dataset.format,
  }));
  const rows = [...table.tBodies[0].rows].map((tr) => {
    const row = {};
    [...tr.cells].forEach((cell, i) => {
      const raw = cell.dataset.v;
      row[columns[i].name] =
        raw === undefined ? cell.textContent : raw === "" || Number.isNaN(Number(raw)) ? null : Number(raw);
    });
    return row;
  });
  return { columns, rows, column: (name) => columns.find((c) => c.name === name) || {} };
}

function csvOf({ columns, rows }) {
  const quote = (v) => (/[",\n]/.test(v) ? `"${v.replace(/"/g, '""')}"` : v);
  return [columns.map((c) => c.name), ...rows.map((row) => columns.map((c) => row[c.name] ?? ""))]
    .map((cells) => cells.map((v) => quote(String(v))).join(",")).join("\r\n") + "\r\n";
}

function offerCsv(figure, data) {
  const button = html("button", { type: "button", class: "csv" }, "Download CSV");
  button.addEventListener("click", () => {
    const url = URL.createObjectURL(new Blob(["\ufeff", csvOf(data)], { type: "text/csv;charset=utf-8" }));
    html("a", { href: url, download: `${figure.id}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  });
  figure.querySelector(".tools").append(button);
}

/* ---------- the frame around every chart ---------- */

function canvas(chart, width, height, label = chart.alt) {
  const node = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  chart.root.append(node);
  return node;
}

const named = (node, title) => { node.append(svg("title", {}, title)); return node; };

// Tooltips by pointer and by keyboard. A target is {box:[x,y,w,h], title, rows:[[label,value]]};
// the arrow keys walk the targets, in two dimensions where they carry row and col.
function explore(chart, node, targets, walk, memory = {}) {
  const cursor = svg("rect", { class: "cursor", visibility: "hidden" });
  const twin = svg("rect", { class: "cursor", visibility: "hidden" });   // the same cell in the map beside
  const dots = svg("g", {});
  let lit = [];   // marks that belong to what is read out
  node.append(cursor, twin, dots);
  node.setAttribute("tabindex", "0");
  node.setAttribute("aria-label", `${node.getAttribute("aria-label")} The arrow keys read out the values.`);
  node.classList.add("explorable");
  const tip = html("div", { class: "tip", role: "status", hidden: "" });
  chart.root.append(tip);
  let current = -1;

  function place([x, y, w, h]) {
    const outer = chart.root.getBoundingClientRect();
    const inner = node.getBoundingClientRect();
    const wide = tip.offsetWidth, high = tip.offsetHeight, middle = inner.left - outer.left + x + w / 2, top = inner.top - outer.top + y;
    const beside = h > 120;   // a column of a line chart: stand next to it, not over it
    const left = !beside ? middle - wide / 2 : middle + 14 + wide < outer.width ? middle + 14 : middle - 14 - wide;
    const fitsAbove = inner.top + y - high - 8 > 0;
    tip.style.left = `${Math.max(0, Math.min(left, outer.width - wide))}px`;
    tip.style.top = `${beside ? top : fitsAbove ? top - high - 8 : top + h + 8}px`;
  }
  function mark(rect, box) {
    const [x, y, width, height] = box || [0, 0, 0, 0];
    build(rect, { x, y, width, height, visibility: box ? "visible" : "hidden" }, []);
  }
  function open(index) {
    if (index === current) return;
    current = memory.read = index;
    const target = targets[index];
    mark(cursor, target.cursor || target.box);
    mark(twin, target.twin);
    dots.replaceChildren(...(target.dots || []).map((dot) =>
      svg("circle", { cx: dot.x, cy: dot.y, r: 4.5, style: `fill:${dot.color}`, class: "halo" })));
    lit.forEach((mark) => mark.classList.remove("lit"));
    lit = target.lit || [];
    lit.forEach((mark) => mark.classList.add("lit"));
    tip.replaceChildren(html("b", {}, target.title), html("dl", {}, target.rows.map(([label, value, color, small]) =>
      html("div", {}, html("dt", { style: color && `--key:${color}`, class: color && "keyed" }, label), html("dd", {}, value, small && html("small", {}, small))))));
    tip.hidden = false;
    place(target.box);
  }
  function close() {
    current = -1;
    tip.hidden = true;
    mark(cursor);
    mark(twin);
    dots.replaceChildren();
    lit.forEach((mark) => mark.classList.remove("lit"));
    lit = [];
  }
  function step(dx, dy) {
    const from = targets[current];
    if (!from) return open(0);
    if (walk) {
      const to = walk(targets, current, dx, dy);
      if (to < 0) return;
      targets[to].shown?.();
      open(to);
      return;
    }
    if (from.row === undefined) return open(Math.max(0, Math.min(targets.length - 1, current + dx + dy)));
    // Along a row one by one; to another row, where it is nearest.
    const away = (t) => Math.abs(t.box[0] - from.box[0]);
    const next = dx ? targets.findIndex((t) => t.row === from.row && t.col === from.col + dx)
      : targets.reduce((best, t, i) => (t.row === from.row + dy && (best < 0 || away(t) < away(targets[best])) ? i : best), -1);
    if (next >= 0) open(next);
  }
  function byPointer(event) {
    const at = node.getBoundingClientRect();
    const px = event.clientX - at.left, py = event.clientY - at.top;
    const hit = targets.findIndex(({ box: [x, y, w, h], inside }) => px >= x && px < x + w && py >= y && py < y + h && (!inside || inside(px, py)));
    if (hit >= 0) open(hit); else close();
  }
  node.addEventListener("pointermove", byPointer);
  node.addEventListener("pointerdown", byPointer);
  // A finger leaves as it lifts; what it opened stays until something else is touched.
  node.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") close(); });
  node.addEventListener("focus", () => { if (node.matches(":focus-visible") && current < 0) open(memory.read ?? 0); });
  node.addEventListener("blur", close);
  node.addEventListener("keydown", (event) => {
    const moves = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
    if (event.key === "Escape") close();
    else if (moves[event.key]) { event.preventDefault(); step(...moves[event.key]); }
  });
}

// Keep the first so many (at most so many on a small screen); a button under the chart opens the rest.
function limited(chart, items, noun, most = Infinity) {
  const limit = Math.min(Number(chart.options.limit) || Infinity, most);
  if (items.length <= limit) return items;
  const button = html("button", { type: "button", class: "more", "aria-expanded": String(!!chart.state.all) },
    chart.state.all ? `Show the first ${limit} only` : `Show all ${items.length}${noun ? " " + noun : ""}`);
  button.addEventListener("click", () => {
    chart.state.all = !chart.state.all;
    draw(chart);
    chart.root.querySelector(".more")?.focus({ preventScroll: true });
  });
  chart.after.push(button);
  return chart.state.all ? items : items.slice(0, limit);
}

function heads(chart, entries) {
  chart.root.append(html("ul", { class: "heads" }, entries.map(({ label, color, cls }) =>
    html("li", { style: `--key:${color}`, class: cls }, label))));
}

/* ---------- ranked rows: shared by bars, pairs, dumbbells and dots ---------- */

// Labels stand beside the track where they fit, above it where the page is narrow.
// (basis: the items to measure, where lists of one figure share a label column.)
function rows(chart, items, { end = 0, top = 0, rowHeight = 26, basis = items } = {}) {
  const two = items.some((item) => item.sub);
  const longest = Math.max(...basis.map((i) =>
    Math.max(textWidth(i.label, 13, two ? 600 : 400), i.sub ? textWidth(i.sub, 12) : 0)));
  const room = chart.width * (chart.width > 640 ? 0.34 : 0.36);
  const above = longest > room && chart.width < 640;
  const side = above ? 0 : Math.ceil(Math.min(longest, room)) + 10;
  const height = above ? (two ? 62 : 46) : two ? 38 : rowHeight;
  return {
    left: side, right: chart.width - end, height, top, above,
    y: (i) => top + i * height,
    middle: (i) => top + i * height + (above ? height - 16 : height / 2),
    total: top + items.length * height,
    box: (i) => [0, top + i * height, chart.width, height],
    label(i, item) {
      const y = top + i * height;
      if (above) {
        return svg("g", {},
          text(0, y + 16, fit(item.label, chart.width, 13, two ? 600 : 400), { class: two ? "strong" : "label", style: item.ink }),
          two && text(0, y + 32, fit(item.sub, chart.width, 12), { class: "quiet" }));
      }
      const x = side - 10;
      return svg("g", { "text-anchor": "end" },
        text(x, y + height / 2 + (two ? -3 : 4.5), fit(item.label, x, 13, two ? 600 : 400), { class: two ? "strong" : "label", style: item.ink }),
        two && text(x, y + height / 2 + 12, fit(item.sub, x, 12), { class: "quiet" }));
    },
  };
}

function axisTop(node, ticks, x, y, bottom, format) {
  ticks.values.forEach((v, i) => node.append(
    line(x(v), y + 6, x(v), bottom, v === 0 ? "base" : "grid"),
    text(x(v), y, tickLabel(v, format, ticks.step),
      { class: "tick", "text-anchor": i === 0 ? "start" : i === ticks.values.length - 1 ? "end" : "middle" })));
}

const bar = (x, y, width, height, color, cls) =>
  svg("rect", { x, y, width: Math.max(width, 0.75), height, style: `fill:${color}`, class: cls });

function drawBars(chart) {
  const { options, data } = chart;
  if (options.opposite) return drawButterfly(chart);
  const format = data.column(options.value).format;
  const all = data.rows.map((row) => ({
    label: row[options.label], code: row[options.code], value: row[options.value],
    bloc: !!options.kind_column && row[options.kind_column] === "bloc",
  })).sort(descending("value"));
  const max = largest(all, "value");
  const partners = limited(chart, all.filter((item) => !item.bloc), options.noun || "partners");
  const blocs = all.filter((item) => item.bloc);
  if (blocs.length) {
    chart.root.append(html("h4", {}, "Blocs, acting together"));
    barList(chart, blocs, max, format, `url(#${chart.id}-hatch)`, `${chart.alt} Blocs.`, all);
    if (partners.length) chart.root.append(html("h4", {}, "Partners, each alone"));
  }
  if (partners.length) barList(chart, partners, max, format, "var(--s1)", chart.alt, all);
}

function barList(chart, items, max, format, color, alt, all) {
  const end = Math.max(...all.map((item) => textWidth(show(item.value, format), 13, 600))) + 8;
  const place = rows(chart, items, { end, basis: all });
  const left = place.left;
  const x = scale(max, left, place.right);
  const node = canvas(chart, chart.width, place.total + 2, alt);
  if (color.startsWith("url")) node.append(hatch(`${chart.id}-hatch`));
  if (!place.above) node.append(line(left, 0, left, place.total, "base"));
  const thick = place.above ? 14 : 16;
  items.forEach((item, i) => {
    const y = place.middle(i) - thick / 2;
    node.append(place.label(i, item),
      named(bar(left, y, x(length(item.value)) - left, thick, color), `${item.label}: ${show(item.value, format)}`),
      text(x(length(item.value)) + 6, place.middle(i) + 4.5, show(item.value, format), { class: "value" }));
  });
  const column = chart.data.column(chart.options.value);
  explore(chart, node, items.map((item, i) => ({
    box: place.box(i), title: item.label, rows: [[column.label, show(item.value, format)], ["Rank", `${all.filter((o) => o.bloc === item.bloc).indexOf(item) + 1}`]],
  })));
}

function hatch(id, color = "var(--s2)") {
  return svg("defs", {}, svg("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    svg("rect", { width: 6, height: 6, style: `fill:${color}` }),
    svg("rect", { width: 1.6, height: 6, style: "fill:var(--paper)" })));
}

function drawButterfly(chart) {
  const { options, data } = chart;
  const format = data.column(options.value).format;
  const items = limited(chart, data.rows.map((row) => ({
    label: row[options.label], code: row[options.code], value: row[options.value], opposite: row[options.opposite],
  })).sort(descending("value")), "partners");
  const most = { value: largest(items, "value"), opposite: largest(items, "opposite") };
  const end = Math.max(...items.flatMap((i) => [i.value, i.opposite].map((v) => textWidth(show(v, format), 12.5, 600)))) + 8;
  const place = rows(chart, items, { end, top: 30 });
  const left = place.left + end;
  // One scale for both wings; the middle stands where it lets both reach the edge, room for the heads kept.
  const share = Math.min(0.72, Math.max(0.28, most.opposite / (most.value + most.opposite || 1)));
  const middle = left + (place.right - left) * share;
  const perUnit = Math.min((middle - left) / (most.opposite || 1), (place.right - middle) / (most.value || 1));
  const node = canvas(chart, chart.width, place.total + 2);
  node.append(
    text(middle - 8, 16, `← ${options.opposite_label || data.column(options.opposite).label}`, { class: "head", "text-anchor": "end", style: "fill:var(--s1)" }),
    text(middle + 8, 16, `${options.value_label || data.column(options.value).label} →`, { class: "head", style: "fill:var(--s3)" }));
  items.forEach((item, i) => {
    const y = place.middle(i) - 8, base = place.middle(i) + 4.5;
    const toLeft = length(item.opposite) * perUnit, toRight = length(item.value) * perUnit;
    node.append(place.label(i, item),
      named(bar(middle - toLeft, y, toLeft, 16, "var(--s1)"), `${item.label}, ${options.opposite_label}: ${show(item.opposite, format)}`),
      named(bar(middle, y, toRight, 16, "var(--s3)"), `${item.label}, ${options.value_label}: ${show(item.value, format)}`),
      text(middle - toLeft - 6, base, show(item.opposite, format), { class: "value", "text-anchor": "end" }),
      text(middle + toRight + 6, base, show(item.value, format), { class: "value" }));
  });
  node.append(line(middle, 26, middle, place.total, "base"));
  explore(chart, node, items.map((item, i) => ({
    box: place.box(i), title: item.label,
    rows: [[options.value_label, show(item.value, format), "var(--s3)"], [options.opposite_label, show(item.opposite, format), "var(--s1)"]],
  })));
}

function drawPairs(chart) {
  const { options, data } = chart;
  const format = data.column(options.value).format;
  const items = limited(chart, data.rows.map((row) => ({
    label: row[options.partner], sub: row[options.sector], value: row[options.value], share: row[options.share],
  })).sort(descending("value")), "pairs");
  // The partners that recur get a colour of their own, the others share grey.
  const counts = new Map();
  items.slice(0, Number(options.limit) || 20).forEach((item) => counts.set(item.label, (counts.get(item.label) || 0) + 1));
  const coloured = [...counts].filter(([, n]) => n > 1).map(([name]) => name).slice(0, 5);
  const color = (item) => (coloured.includes(item.label) ? `var(--s${coloured.indexOf(item.label) + 1})` : "var(--s6)");
  items.forEach((item) => { item.ink = `fill:${color(item)}`; });
  const caption = (item) => show(item.value, format);
  const end = Math.max(...items.map((item) => textWidth(caption(item), 13, 600))) + 8;
  const place = rows(chart, items, { end });
  const x = scale(largest(items, "value"), place.left, place.right);
  const node = canvas(chart, chart.width, place.total + 2);
  if (!place.above) node.append(line(place.left, 0, place.left, place.total, "base"));
  items.forEach((item, i) => node.append(place.label(i, item),
    named(bar(place.left, place.middle(i) - 8, x(length(item.value)) - place.left, 16, color(item)), `${item.label}, ${item.sub}: ${caption(item)}`),
    text(x(length(item.value)) + 6, place.middle(i) + 4.5, caption(item), { class: "value" })));
  explore(chart, node, items.map((item, i) => ({
    box: place.box(i), title: `${item.label}: ${item.sub}`,
    rows: [[data.column(options.value).label, show(item.value, format)],
      ...(options.share ? [[data.column(options.share).label, show(item.share, data.column(options.share).format)]] : [])],
  })));
}

function drawDumbbell(chart) {
  const { options, data } = chart;
  const items = data.rows.map((row) => ({
    label: row[options.label], a: row[options.a], b: row[options.b],
  })).sort(descending("a"));
  dumbbells(chart, limited(chart, items, ""), {
    format: data.column(options.a).format,
    a: { label: options.a_label || data.column(options.a).label, color: "var(--s3)" },
    b: { label: options.b_label || data.column(options.b).label, color: "var(--s1)" },
  });
}

function dumbbells(chart, items, { format, a, b, alt }) {
  heads(chart, [a, b]);
  const place = rows(chart, items, { end: 52, top: 26 });
  const ticks = ticksTo(largest(items, "a", "b"), chart.width > 640 ? 6 : 3);
  const x = scale(ticks.max, place.left + 6, place.right);
  const node = canvas(chart, chart.width, place.total + 4, alt);
  axisTop(node, ticks, x, 12, place.total, format);
  items.forEach((item, i) => {
    const y = place.middle(i);
    node.append(place.label(i, item));
    if (item.a !== null && item.b !== null) {
      node.append(svg("line", { x1: x(length(item.a)), x2: x(length(item.b)), y1: y, y2: y, class: "link", style: `stroke:${item.a > item.b ? a.color : b.color}` }));
    }
    for (const [side, value] of [[b, item.b], [a, item.a]]) {
      if (value === null) continue;
      node.append(named(svg("circle", { cx: x(length(value)), cy: y, r: 5.5, style: `fill:${side.color}` }), `${item.label}, ${side.label}: ${show(value, format)}`));
      const outward = value >= Math.max(item.a ?? 0, item.b ?? 0) ? 1 : -1, caption = show(value, format);
      const at = x(length(value)) + outward * 11, far = at + outward * textWidth(caption, 12, 500);
      if (far > place.left + 6 && far < chart.width) node.append(text(at, y + 4, caption, { class: "value small", "text-anchor": outward > 0 ? "start" : "end" }));
    }
  });
  explore(chart, node, items.map((item, i) => ({
    box: place.box(i), title: item.label, rows: [a, b].map((side, s) => [side.label, show(s ? item.b : item.a, format), side.color]),
  })));
}

function drawDots(chart) {
  const { options, data } = chart;
  const format = data.column(options.value).format;
  const items = limited(chart, data.rows.map((row) => ({ label: row[options.label], value: row[options.value], row }))
    .sort(descending("value")), "sectors", chart.width < 560 ? 15 : Infinity);
  const threshold = Number(options.threshold) || null;
  const place = rows(chart, items, { end: 46, top: threshold ? 44 : 26, rowHeight: 22 });
  const ticks = ticksTo(Math.max(largest(items, "value"), threshold || 0), chart.width > 640 ? 6 : 4);
  const x = scale(ticks.max, place.left + 6, place.right);
  const node = canvas(chart, chart.width, place.total + 4);
  axisTop(node, ticks, x, threshold ? 30 : 12, place.total, format);
  if (threshold) {
    const label = `${options.threshold_label || "threshold"}: above ${tickLabel(threshold, format, 0.1)} →`;
    const at = Math.max(0, Math.min(x(threshold) + 6, chart.width - textWidth(label, 13, 600)));
    node.append(line(x(threshold), 0, x(threshold), place.total, "threshold"),
      text(at, 11, label, { class: "head", style: "fill:var(--s3)" }));
  }
  items.forEach((item, i) => {
    const y = place.middle(i);
    node.append(place.label(i, item));
    if (item.value === null) return node.append(text(x(0) + 6, y + 4, "no data", { class: "quiet" }));
    const color = threshold && item.value > threshold ? "var(--s3)" : "var(--s1)";
    node.append(svg("line", { x1: x(0), x2: x(item.value), y1: y, y2: y, class: "stem", style: `stroke:${color}` }),
      named(svg("circle", { cx: x(item.value), cy: y, r: 5, style: `fill:${color}` }), `${item.label}: ${show(item.value, format)}`),
      text(x(item.value) + 10, y + 4, item.value.toFixed(2), { class: "value small" }));
  });
  const extra = data.columns.filter((c) => ![options.label, options.code].includes(c.name));
  explore(chart, node, items.map((item, i) => ({
    box: place.box(i), title: item.label,
    rows: extra.map((c) => [c.label, c.format === "text" ? item.row[c.name] : show(item.row[c.name], c.format)]),
  })));
}

/* ---------- points with intervals ---------- */

function drawIntervals(chart) {
  const { options, data } = chart;
  const format = data.column(options.value).format;
  const items = data.rows.map((row, i) => ({
    label: `${row[options.group][0].toUpperCase()}${row[options.group].slice(1)}: ${row[options.label]}`, group: row[options.group], row,
    value: row[options.value], low: row[options.low], high: row[options.high], first: i > 0 && data.rows[i - 1][options.group] !== row[options.group],
  }));
  const groups = [...new Set(items.map((item) => item.group))];
  const place = rows(chart, items, { end: 60, top: 26, rowHeight: 24 });
  const ends = items.flatMap((item) => [item.value, item.low, item.high]).filter((v) => v !== null && v !== undefined);
  const most = Math.max(0, ...ends), least = Math.min(0, ...ends);
  // Gains stand left of zero; a few of them must not take the room of the losses.
  const ticks = ticksTo(Math.max(most, -least), chart.width > 640 ? 6 : 3);
  const below = least < 0 ? Math.max(-least, 0.03 * most) : 0;
  const above = Math.max(ticks.step, Math.ceil(most / ticks.step - 1e-9) * ticks.step);
  const x = (v) => place.left + 6 + ((v + below) / (above + below)) * (place.right - place.left - 6);
  const node = canvas(chart, chart.width, place.total + 4);
  for (let k = Math.ceil(-below / ticks.step - 1e-9); k <= Math.round(above / ticks.step); k++) {
    const v = k * ticks.step;
    node.append(line(x(v), 18, x(v), place.total, k === 0 ? "base" : "grid"), text(x(v), 12, tickLabel(v, format, ticks.step), { class: "tick", "text-anchor": "middle" }));
  }
  items.forEach((item, i) => {
    const y = place.middle(i), color = `var(--s${1 + (groups.indexOf(item.group) % 4)})`;
    if (item.first) node.append(line(0, y - 12, chart.width, y - 12, "grid"));
    node.append(place.label(i, item));
    if (item.value === null) return;
    if (item.low !== null && item.high !== null) node.append(svg("line", { x1: x(item.low), x2: x(item.high), y1: y, y2: y, class: "stem", style: `stroke:${color};stroke-width:4` }));
    const right = Math.max(item.value, item.high ?? item.value);
    node.append(named(svg("circle", { cx: x(item.value), cy: y, r: 5, style: `fill:${color}` }), `${item.label}: ${show(item.value, format)}`),
      text(x(right) + 10, y + 4, show(item.value, format), { class: "value small" }));
  });
  explore(chart, node, items.map((item, i) => ({
    box: place.box(i), title: item.label,
    rows: data.columns.filter((c) => ![options.group, options.label].includes(c.name)).map((c) => [c.label, c.format === "text" ? item.row[c.name] : show(item.row[c.name], c.format)]),
  })));
}

/* ---------- lines over years ---------- */

// The lines and their points: columns beside each other, or economies under one another in the table, each a line of its own.
function readLines({ options, data, compare, series }) {
  const rows = data.rows.filter((row) => row[options.x] !== null);
  if (!compare) return { points: rows, series: series.map((s, i) => ({ ...s, format: data.column(s.column).format, color: `var(--s${i + 1})` })) };
  const names = [...new Set(rows.map((row) => row[compare.column]))], byYear = new Map();
  for (const row of rows) {
    if (!byYear.has(row[options.x])) byYear.set(row[options.x], Object.fromEntries([[options.x, row[options.x]], ...names.map((name) => [`of ${name}`, null])]));
    byYear.get(row[options.x])[`of ${row[compare.column]}`] = row[options.y];
  }
  return { points: [...byYear.values()].sort((a, b) => a[options.x] - b[options.x]), series: names.map((name, i) => ({
    column: `of ${name}`, label: compare.labels[i] || name, format: data.column(options.y).format, color: HUES[i % HUES.length], quiet: i > 0,
  })) };
}

function drawLine(chart) {
  const { options, width } = chart;
  const { points, series: all } = readLines(chart);
  const series = all.map((s) => ({ ...s, last: [...points].reverse().find((p) => p[s.column] !== null) })).filter((s) => s.last);
  // A line that ends before the others says when.
  const end = Math.max(...series.map((s) => s.last[options.x]));
  series.forEach((s) => { if (s.last[options.x] < end) s.label += `, ${s.last[options.x]}`; });
  const narrow = width < 560;
  const right = Math.min(Math.max(...series.map((s) => Math.max(textWidth(s.label, 13), textWidth(show(s.last[s.column], s.format), 16, 700)))) + 14, width * 0.4);
  const format = series[0].format;
  const ticks = ticksTo(largest(points, ...series.map((s) => s.column)), narrow ? 4 : 5);
  const left = Math.max(...ticks.values.map((v) => textWidth(tickLabel(v, format, ticks.step), 12))) + 10;
  const height = narrow ? 280 : 360, top = 14, bottom = height - 28;
  const years = points.map((p) => p[options.x]);
  const x = (year) => left + ((year - years[0]) / (years[years.length - 1] - years[0] || 1)) * (width - right - left);
  const y = scale(ticks.max, bottom, top);
  const node = canvas(chart, width, height);

  ticks.values.forEach((v) => node.append(line(left, y(v), width - right, y(v), v === 0 ? "base" : "grid"),
    text(left - 8, y(v) + 4, tickLabel(v, format, ticks.step), { class: "tick", "text-anchor": "end" })));
  const every = narrow ? 5 : 2, unit = chart.data.column(options.x).format, when = (v) => unit === "share" ? show(v, unit) : String(v);
  if (unit === "share") years.filter((v, i) => !narrow || i % 3 === 0).forEach((v) => node.append(text(x(v), height - 8, tickLabel(v, unit, 0.1), { class: "tick", "text-anchor": "middle" })));
  else years.filter((year, i) => i === 0 || i === years.length - 1 || (year % every === (narrow ? 0 : years[0] % 2) && year - years[0] >= every && years[years.length - 1] - year >= every))
    .forEach((year) => node.append(text(x(year), height - 8, String(year), { class: "tick", "text-anchor": "middle" })));

  for (const s of series) {
    // A missing year breaks the line: missing is not zero.
    let path = "", verb = "M", segment;
    for (const p of points) {
      if (p[s.column] === null) { verb = "M"; continue; }
      // So does another edition of the data: its figures are not the next of this one's.
      if (options.segment && p[options.segment] !== segment) { verb = "M"; segment = p[options.segment]; }
      // A year alone is a stroke of no length: its round cap makes the dot.
      path += `${verb}${x(p[options.x]).toFixed(1)},${y(p[s.column]).toFixed(1)}${verb === "M" ? "h0" : ""}`;
      verb = "L";
    }
    node.append(named(svg("path", { d: path, class: s.quiet ? "series beside" : "series", style: `stroke:${s.color}` }), s.label),
      svg("circle", { cx: x(s.last[options.x]), cy: y(s.last[s.column]), r: 4, style: `fill:${s.color}` }));
  }
  if (options.segment) noteSegments(node, points, options.segment, (p) => x(p[options.x]), bottom);
  if (!chart.compare) notePeak(node, points, series, options, x, y);
  apart(series.map((s) => ({ s, y: y(s.last[s.column]) })), 38, top + 8, bottom).forEach((end) => node.append(
    text(width - right + 10, end.y - 1, show(end.s.last[end.s.column], end.s.format), { class: "endvalue", style: `fill:${end.s.color}` }),
    text(width - right + 10, end.y + 15, fit(end.s.label, right - 10), { class: "endlabel", style: `fill:${end.s.color}` })));

  const half = years.length > 1 ? (x(years[1]) - x(years[0])) / 2 : 20;
  explore(chart, node, points.map((p) => ({
    box: [x(p[options.x]) - half, top, 2 * half, bottom - top], cursor: [x(p[options.x]) - 0.5, top, 1, bottom - top],
    title: when(p[options.x]),
    dots: series.filter((s) => p[s.column] !== null).map((s) => ({ x: x(p[options.x]), y: y(p[s.column]), color: s.color })),
    rows: [...series].sort((a, b) => descending("v")({ v: p[a.column] }, { v: p[b.column] })).map((s) => [s.label, show(p[s.column], s.format), s.color]),
  })));
}

// Each edition's name stands above the axis under its own years, where there are several.
function noteSegments(node, points, column, at, bottom) {
  const names = [...new Set(points.map((p) => p[column]))];
  if (names.length < 2) return;
  for (const name of names) {
    const own = points.filter((p) => p[column] === name);
    node.append(text((at(own[0]) + at(own[own.length - 1])) / 2, bottom - 8, name, { class: "small quiet", "text-anchor": "middle" }));
  }
}

// Say when the highest line stood highest, unless its end label says it already.
function notePeak(node, points, series, options, x, y) {
  const highest = [...series].sort((a, b) => largest(points, b.column) - largest(points, a.column))[0];
  const peak = points.find((p) => p[highest.column] === largest(points, highest.column));
  if (!peak || points.length - points.indexOf(peak) < 4) return;
  node.append(text(x(peak[options.x]), y(peak[highest.column]) - 12, `${peak[options.x]}: ${show(peak[highest.column], highest.format)}`,
    { class: "small", "text-anchor": points.indexOf(peak) < 2 ? "start" : "middle", style: `fill:${highest.color}` }));
}

// Push labels apart until none is nearer than gap to the next, within bounds.
function apart(labels, gap, top, bottom) {
  labels.sort((a, b) => a.y - b.y);
  labels.forEach((label, i) => { label.y = Math.max(label.y, i ? labels[i - 1].y + gap : top); });
  for (let i = labels.length - 1; i >= 0; i--) {
    labels[i].y = Math.min(labels[i].y, i < labels.length - 1 ? labels[i + 1].y - gap : bottom - 14);
  }
  return labels;
}

/* ---------- one bar, 100 % ---------- */

function drawStack(chart) {
  const { options, data, width } = chart;
  const formats = { value: data.column(options.value).format, share: data.column(options.share).format || "share" };
  const total = data.rows.reduce((sum, row) => sum + (row[options.value] ?? 0), 0);
  const parts = data.rows.map((row) => ({
    label: row[options.label], value: row[options.value], group: options.group ? row[options.group] : row[options.label],
    share: options.share ? row[options.share] : (row[options.value] ?? 0) / (total || 1),
  }));
  // A group is a hue and its parts are tints of it; ungrouped, every part is a group of one.
  const groups = [];
  for (const part of parts) {
    let group = groups.find((g) => g.label === part.group);
    if (!group) groups.push(group = { label: part.group, parts: [], color: `var(--k${(groups.length % 6) + 1})` });
    part.color = group.color;
    part.tint = [1, 0.45, 0.28, 0.15][group.parts.length] ?? 0.1;
    group.parts.push(part);
  }
  const ordered = groups.flatMap((group) => group.parts);
  const whole = ordered.reduce((sum, part) => sum + Math.max(part.share ?? 0, 0), 0) || 1;
  const columns = width / groups.length >= (options.group ? 200 : 150);
  const high = 60, node = canvas(chart, width, columns ? 104 : high + 8);
  let x = 0;
  for (const part of ordered) {
    part.x = x;
    part.width = (Math.max(part.share ?? 0, 0) / whole) * width;
    x += part.width;
    const caption = show(part.share, formats.share);
    node.append(named(svg("rect", { x: part.x, y: 0, width: part.width, height: high, class: "part", style: `fill:${part.color};fill-opacity:${part.tint}` }), `${part.label}: ${caption}`));
    if (textWidth(caption, 14, 600) + 14 < part.width) {
      node.append(text(part.x + part.width / 2, high / 2 + 5, caption, { class: "inside", "text-anchor": "middle", style: `fill:var(--${part.tint === 1 ? "paper" : "ink"})` }));
    }
  }
  if (columns) {
    // The order below is the order above, so the leaders never cross.
    groups.forEach((group, i) => {
      const first = group.parts[0], last = group.parts[group.parts.length - 1];
      const middle = (first.x + last.x + last.width) / 2, foot = (i * width) / groups.length + 1;
      node.append(svg("path", { class: "leader", style: `stroke:${group.color}`, d: `M${first.x + 1},${high + 5}H${Math.max(last.x + last.width - 1, first.x + 2)}M${middle},${high + 5}V${high + 10}L${foot},96V104` }));
    });
  }
  explore(chart, node, ordered.map((part) => ({
    box: [part.x, 0, Math.max(part.width, 3), high], title: part.label,
    rows: [...(options.group ? [["Group", part.group]] : []), ["Share", show(part.share, formats.share)], [data.column(options.value).label || "Value", show(part.value, formats.value)]],
  })));
  chart.root.append(stackKey(groups, columns, formats, !!options.group));
}

function stackKey(groups, columns, formats, titled) {
  const sum = (group, key) => group.parts.reduce((acc, part) => acc + (part[key] ?? 0), 0);
  return html("div", { class: columns ? "key columns" : "key", style: columns && `--n:${groups.length}` }, groups.map((group) =>
    html("div", { style: `--key:${group.color}` },
      titled && html("p", { class: "group" }, group.label, " ", html("b", {}, show(sum(group, "share"), formats.share))),
      html("ul", {}, group.parts.map((part) => html("li", {},
        html("i", { style: `opacity:${part.tint}` }), html("span", {}, part.label),
        html("b", {}, show(part.share, formats.share)), html("small", {}, show(part.value, formats.value))))))));
}

/* ---------- hidden dependence: home's sectors by partners ---------- */

const HEAT_MODES = [["both", "Both"], ["face", "Face value"], ["look", "Look-through"], ["hidden", "Hidden"]];
const measures = (cell, format) => HEAT_MODES.slice(1).map(([key, label]) => [label, show(cell && cell[key], format)]);

// Eight classes with 1–2–5 bounds, the highest just below the largest value.
function classBounds(max) {
  const series = [];
  for (let power = -6; power <= 0; power++) for (const m of [1, 2, 5]) series.push(Number(`${m}e${power}`));
  const top = series.filter((bound) => bound < max).length || 7;
  return series.slice(Math.max(0, top - 7), top);
}

function readMap({ options, data }) {
  const cell = (row) => {
    const face = row[options.face], look = row[options.look];
    const hidden = options.hidden ? row[options.hidden] : face === null || look === null ? null : look - face;
    return { face, look, hidden };
  };
  const partners = new Map(), sectors = new Map();
  for (const row of data.rows) {
    const id = row[options.row_code || options.row], sector = row[options.column_code || options.column];
    if (!partners.has(id)) partners.set(id, { code: id, label: row[options.row], cells: new Map(), total: null });
    const partner = partners.get(id);
    if (sector === "*") { partner.total = cell(row); continue; }
    partner.cells.set(sector, cell(row));
    if (!sectors.has(sector)) sectors.set(sector, { code: sector, label: row[options.column] });
  }
  for (const partner of partners.values()) {
    if (partner.total) continue;
    const mean = (key) => [...partner.cells.values()].reduce((sum, c) => sum + (c[key] ?? 0), 0) / (partner.cells.size || 1);
    partner.total = { face: mean("face"), look: mean("look"), hidden: mean("hidden") };
  }
  const ranked = [...partners.values()].sort((a, b) => (b.total.look ?? 0) - (a.total.look ?? 0));
  const bounds = classBounds(largest(ranked.flatMap((p) => [...p.cells.values()]), "face", "look"));
  return {
    sectors: [...sectors.values()], partners: ranked, bounds, format: data.column(options.look).format,
    level: (v) => bounds.filter((bound) => v >= bound).length,
  };
}

// Sectors run down, so that their long names read; partners run across by code. "Both" sets two maps
// side by side on one colour scale where there is room; where there is none, one map with split cells,
// which scrolls sideways under fixed names if it must.
function drawHeatmap(chart) {
  const map = readMap(chart);
  map.mode = chart.state.mode || "both";
  const phone = chart.width < 560, h = phone ? 20 : chart.width < 700 ? 16 : 18, gap = chart.width < 700 ? 20 : 28;
  const longest = Math.max(...map.sectors.map((s) => textWidth(s.label, 12)));
  const names = Math.round(Math.min(longest + 10, phone ? chart.width * 0.42 : chart.width * 0.27));
  const room = chart.width - names;
  const partners = limited(chart, map.partners, "partners", phone ? Math.floor(room / 25) : Infinity);
  const n = partners.length;
  const pair = map.mode === "both" && (room - gap) / (2 * n) >= 15;
  const fitting = Math.floor(pair ? (room - gap) / (2 * n) : room / n);
  const w = fitting < 15 ? 25 : Math.min(fitting, Math.max(27, Math.floor(270 / n)));
  const panels = pair ? ["face", "look"] : [map.mode];
  const upright = w < 25;
  const frame = { w, h, n, bars: pair ? 26 : 4, tall: 64, top: (pair ? 26 : 4) + 64 + (upright ? 40 : 22) };
  frame.y = scale(ticksTo(largest(partners.map((p) => p.total), "look"), 1).max, frame.bars + frame.tall, frame.bars);
  const height = frame.top + map.sectors.length * h + 2;

  heatControls(chart, map, pair);
  const holder = html("div", { class: "scroller" });
  chart.root.append(html("div", { class: "split" }, heatNames(map, partners, frame, names, height), holder));
  const node = canvas({ ...chart, root: holder }, panels.length * n * w + (panels.length - 1) * gap, height);
  const targets = [];
  panels.forEach((panel, p) => {
    const left = p * (n * w + gap);
    if (pair) {
      node.append(text(left, 12, fit(panel === "face" ? "Face value: what invoices show" : "Look-through: every tier upstream", n * w, 13, 600), { class: "head" }));
    }
    node.append(line(left, frame.y(0), left + n * w, frame.y(0), "base"));
    partners.forEach((partner, i) => {
      const x = left + i * w, middle = x + w / 2, foot = frame.top - 7;
      totalBar(node, partner, panel, x, frame);
      node.append(upright
        ? text(middle + 4, foot, fit(partner.code, 30, 11), { class: "column", transform: `rotate(-90 ${middle + 4} ${foot})` })
        : text(middle, foot, fit(partner.code, w, 11), { class: "column", "text-anchor": "middle" }));
      targets.push({ box: [x, frame.bars, w, frame.top - frame.bars], row: -1, col: p * n + i, title: `${partner.label}: all sectors`, rows: measures(partner.total, map.format) });
      map.sectors.forEach((sector, j) => {
        const cell = partner.cells.get(sector.code), y = frame.top + j * h;
        node.append(heatCell(map, panel, cell, x, y, w, h, `${partner.label}, ${sector.label}`));
        targets.push({ box: [x, y, w, h], row: j, col: p * n + i, title: `${partner.label} → ${sector.label}`, rows: measures(cell, map.format),
          twin: pair && [x + (p ? -1 : 1) * (n * w + gap), y, w, h] });
      });
    });
    if (panel === "look" || panel === "both") {
      node.append(text(left + w + 4, frame.bars + 11, "hidden", { class: "head small", style: "fill:var(--s2)" }));
    }
  });
  explore(chart, node, targets);
}

function heatNames(map, partners, frame, width, height) {
  const node = svg("svg", { width, height, "aria-hidden": "true" });
  const top = ticksTo(largest(partners.map((p) => p.total), "look"), 1);
  node.append(text(width - 8, frame.y(top.max) + 9, tickLabel(top.max, map.format, top.step), { class: "tick", "text-anchor": "end" }),
    text(width - 8, frame.y(0) + 1, "0", { class: "tick", "text-anchor": "end" }),
    text(width - 8, frame.y(0) - 24, "All sectors", { class: "head", "text-anchor": "end" }));
  map.sectors.forEach((sector, j) => node.append(
    text(width - 8, frame.top + j * frame.h + frame.h / 2 + 4, fit(sector.label, width - 10, 12), { class: "row", "text-anchor": "end" })));
  return node;
}

// A partner's total over all sectors: what shows, and stacked on it what is hidden.
function totalBar(node, partner, panel, x, { w, y }) {
  const { face, look, hidden } = partner.total;
  const part = (from, to, color) => named(svg("rect", { x: x + 2, y: y(to), width: w - 5, height: Math.max(y(from) - y(to), 0), style: `fill:${color}` }), partner.label);
  if (panel === "hidden") return node.append(part(0, hidden ?? 0, "var(--s2)"));
  node.append(part(0, face ?? 0, "var(--s1)"));
  if (panel !== "face") node.append(part(face ?? 0, look ?? 0, "var(--s2)"));
}

// In a split cell the frame is what is there and the centre what the invoices show.
function heatCell(map, panel, cell, x, y, w, h, name) {
  const shown = cell && cell[panel === "both" ? "look" : panel];
  if (shown === null || shown === undefined) return named(svg("rect", { x: x + 0.5, y: y + 0.5, width: w - 2, height: h - 2, class: "void" }), `${name}: no data`);
  const square = (inset, v) => svg("rect", { x: x + inset, y: y + inset, width: w - 1 - 2 * inset, height: h - 1 - 2 * inset, style: `fill:var(--h${map.level(v)})` });
  const split = panel === "both" && cell.face !== null && map.level(cell.face) < map.level(shown);
  return named(svg("g", {}, square(0, shown), split && square(Math.max(2.5, Math.round(Math.min(w, h) * 0.28)), cell.face)),
    `${name}: face value ${show(cell.face, map.format)}, look-through ${show(cell.look, map.format)}`);
}

function heatControls(chart, map, pair) {
  const buttons = HEAT_MODES.map(([mode, label]) => {
    const button = html("button", { type: "button", "aria-pressed": String(mode === map.mode), "data-mode": mode }, label);
    button.addEventListener("click", () => {
      chart.state.mode = mode;
      draw(chart);
      chart.root.querySelector(`[data-mode=${mode}]`).focus({ preventScroll: true });
    });
    return button;
  });
  chart.root.append(html("div", { class: "heatbar" },
    html("div", { class: "segmented", role: "group", "aria-label": "What the cells show" }, buttons), heatLegend(map, pair)));
}

function heatLegend(map, pair) {
  const box = 34, classes = map.bounds.length + 1;
  const node = svg("svg", { width: classes * box + 12, height: 30, "aria-hidden": "true" });
  for (let i = 0; i < classes; i++) node.append(svg("rect", { x: i * box, y: 0, width: box - 1, height: 12, style: `fill:var(--h${i})` }));
  map.bounds.forEach((bound, i) => node.append(text((i + 1) * box - 0.5, 26,
    String(+(100 * bound).toPrecision(2)) + (i === map.bounds.length - 1 ? `${NBSP}%` : ""), { class: "tick", "text-anchor": "middle" })));
  const split = map.mode === "both" && !pair;
  return html("div", { class: "legends" }, node, split && html("p", {},
    svg("svg", { width: 18, height: 18, "aria-hidden": "true" },
      svg("rect", { width: 18, height: 18, style: "fill:var(--h6)" }), svg("rect", { x: 5, y: 5, width: 8, height: 8, style: "fill:var(--h1)" })),
    "Centre: face value. Frame: look-through. A hollow cell is hidden dependence."));
}

/* ---------- small multiples: paths over time ---------- */

const HUES = [1, 3, 4, 5, 2, 7, 8].map((n) => `var(--s${n})`);
const DAY_STEPS = [1, 2, 5, 10, 30, 60, 90, 180, 365, 730, 1825, 3650];   // days in months and years
const YEAR_STEPS = [1, 2, 5, 10, 20, 50, 100];
const aDay = (label) => /^days?$/i.test(label);

// Round steps within bounds, at most count of them (about as many, where steps are free).
function ticksWithin(low, high, count, steps = []) {
  const step = steps.find((s) => (high - low) / s <= count) ?? ticksTo(high - low, count).step;
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return { step, values: Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step) };
}

// The lines of every panel: one per column drawn and, where scenarios are compared, per scenario.
function readPaths({ options, data, compare }) {
  const values = compare ? [...new Set(data.rows.map((row) => row[compare.column]))] : [null];
  const columns = [[options.y, options.y_label], [options.y2, options.y2_label], [options.y3, options.y3_label]].filter(([column]) => column)
    .map(([column, label]) => ({ column, label: label || data.column(column).label }));
  const lines = values.flatMap((value, i) => columns.map(({ column, label }, j) => ({
    value, column, color: HUES[(compare ? i : j) % HUES.length], dashed: !!compare && j > 0,
    label: !compare ? label : (compare.labels[i] || value) + (j ? `: ${label}` : ""),
  })));
  const facets = new Map();
  for (const row of data.rows) {
    const key = row[options.facet_code || options.facet], at = row[options.x];
    if (!facets.has(key)) facets.set(key, { label: row[options.facet], paths: lines.map(() => []) });
    if (at === null) continue;
    lines.forEach((l, i) => { if (!compare || row[compare.column] === l.value) facets.get(key).paths[i].push({ x: at, y: row[l.column] }); });
  }
  facets.forEach((facet) => facet.paths.forEach((path) => path.sort((a, b) => a.x - b.x)));
  return { lines, facets: [...facets.values()] };
}

const known = (path) => path.filter((p) => p.y !== null);
const lowest = (path) => known(path).reduce((low, p) => (low && low.y <= p.y ? low : p), null);

function drawPaths(chart) {
  const { options, data, width } = chart;
  const { lines, facets: all } = readPaths(chart);
  const facets = limited(chart, all, "", width < 500 ? 6 : Infinity);
  const format = data.column(options.y).format, baseline = Number(options.baseline) || null;
  const reach = { x: [Infinity, -Infinity], y: [baseline ?? Infinity, baseline ?? -Infinity] };
  for (const p of facets.flatMap((facet) => facet.paths.flatMap(known))) {
    for (const side of ["x", "y"]) reach[side] = [Math.min(reach[side][0], p[side]), Math.max(reach[side][1], p[side])];
  }
  const [first, last] = reach.x;
  if (first > last) return chart.root.append(html("p", { class: "note" }, "No values to draw."));

  const name = options.x_label || data.column(options.x).label, days = aDay(name);
  const at = (v) => (days ? `day ${grouped(v)}` : data.column(options.x).format === "year" ? String(v) : `${name} ${show(v, data.column(options.x).format)}`);
  pathKeys(chart, lines, last, days);

  // As many panels side by side as stay readable, rows evenly filled; then a scale with room under the lowest point.
  const gap = 20, head = 42, foot = 40, most = Math.max(1, Math.min(4, Math.floor((width - 46 + gap) / (190 + gap))));
  const columns = Math.ceil(facets.length / Math.ceil(facets.length / most));
  const high = Math.round(Math.max(112, Math.min((0.5 * (width - 46)) / columns, 300)));
  const span = Math.max(reach.y[1] - reach.y[0], 0.02 * Math.abs(reach.y[1]) || 0.01);
  const low = reach.y[1] - span * (1 + 28 / (high - 28)), top = reach.y[1] + span * 0.06;
  const ticks = ticksWithin(low, top, high > 200 ? 6 : 4);
  ticks.values = ticks.values.filter((v) => v >= 0 || reach.y[0] < 0);
  const gutter = Math.max(0, ...ticks.values.map((v) => textWidth(tickLabel(v, format, ticks.step), 12))) + 10;
  const w = (width - gutter + gap) / columns - gap;
  const across = ticksWithin(first, last, w / 42, days ? DAY_STEPS : data.column(options.x).format === "year" ? YEAR_STEPS : []);
  const node = canvas(chart, width, Math.ceil(facets.length / columns) * (head + high + foot) - foot + 22);
  const targets = [];
  let column = 0;
  facets.forEach((facet, i) => {
    const left = gutter + (i % columns) * (w + gap), up = Math.floor(i / columns) * (head + high + foot) + head, down = up + high;
    const x = (v) => left + ((v - first) / (last - first || 1)) * w, y = (v) => down - ((v - low) / (top - low)) * high;
    for (const band of chart.windows.filter((b) => b.from < last && b.until > first)) {
      const from = x(Math.max(band.from, first)), until = x(Math.min(band.until, last));
      node.append(named(svg("rect", { x: from, y: up, width: until - from, height: high, class: "band", style: `fill:${band.color}` }), band.label));
    }
    ticks.values.forEach((v) => node.append(line(left, y(v), left + w, y(v), "grid"),
      i % columns === 0 && text(gutter - 8, y(v) + 4, tickLabel(v, format, ticks.step), { class: "tick", "text-anchor": "end" })));
    const edge = left + w - textWidth(name, 11) - 6;
    across.values.forEach((v) => {
      const label = days ? grouped(v) : tickLabel(v, data.column(options.x).format, across.step), half = textWidth(label, 11) / 2;
      node.append(line(x(v), down, x(v), down + 4, "base"), x(v) + half < edge && text(Math.max(x(v), left + half), down + 17, label, { class: "tick small", "text-anchor": "middle" }));
    });
    node.append(line(left, down, left + w, down, "base"), text(left + w, down + 17, name, { class: "tick small", "text-anchor": "end" }),
      text(left, up - 24, fit(facet.label, w, 13, 600), { class: "strong" }));
    if (baseline !== null) node.append(line(left, y(baseline), left + w, y(baseline), "baseline"));
    pathLines(node, facet, lines, baseline, x, y);
    pathEnds(node, facet, lines, format, left, up - 8, w);

    const lows = facet.paths.map(lowest), deepest = lowest(lows.filter(Boolean));
    const falls = (p) => p && (baseline === null || y(p.y) - y(baseline) > 2);
    lows.forEach((p, j) => { if (falls(p)) node.append(svg("circle", { cx: x(p.x), cy: y(p.y), r: 3.5, class: "halo", style: `fill:${lines[j].color}` })); });
    if (falls(deepest)) {
      const label = `${show(deepest.y, format)}, ${at(deepest.x)}`, half = textWidth(label, 12, 500) / 2;
      node.append(text(Math.max(left + half + 2, Math.min(x(deepest.x), left + w - half)), y(deepest.y) + 17, label,
        { class: "value small", "text-anchor": "middle", style: `fill:${lines[lows.indexOf(deepest)].color}` }));
    }

    // What can be read out: a few pixels apart, the lowest points always among them.
    if (i % columns === 0) column = 0;
    const held = facet.paths.map((path) => new Map(path.map((p) => [p.x, p.y])));
    const stops = [...new Set(facet.paths.flat().map((p) => p.x))].sort((a, b) => a - b);
    let before = -Infinity;
    const kept = stops.filter((v, k) => (x(v) - before >= 3 || k === stops.length - 1 || lows.some((p) => p && p.x === v)) && ((before = x(v)), true));
    kept.forEach((v, k) => {
      const from = k ? (x(kept[k - 1]) + x(v)) / 2 : left, to = k < kept.length - 1 ? (x(v) + x(kept[k + 1])) / 2 : left + w + 1;
      const read = lines.map((l, j) => ({ ...l, y: held[j].get(v) ?? null }));
      targets.push({
        box: [from, up, to - from, high], cursor: [x(v) - 0.5, up, 1, high], row: Math.floor(i / columns), col: column++, title: `${facet.label}, ${at(v)}`,
        dots: read.filter((l) => l.y !== null).map((l) => ({ x: x(v), y: y(l.y), color: l.color })),
        rows: read.map((l) => [l.label, show(l.y, data.column(l.column).format), l.color]),
      });
    });
  });
  explore(chart, node, targets);
}

function pathKeys(chart, lines, last, days) {
  const span = (b) => (b.until >= last ? `from ${days ? "day " : ""}${grouped(b.from)}` : `${days ? "days " : ""}${grouped(b.from)}–${grouped(b.until)}`);
  chart.windows.forEach((band, i) => { band.color = ["var(--s6)", "var(--s4)", "var(--s5)"][i % 3]; });
  heads(chart, [...lines.map((l) => ({ label: l.label, color: l.color, cls: l.dashed ? "path dashed" : "path" })),
    ...chart.windows.map((b) => ({ label: `${b.label || "Window"}, ${span(b)}`, color: b.color, cls: "band" }))]);
}

// A missing day breaks the line and the area between it and the baseline, which the first line alone fills.
function pathLines(node, facet, lines, baseline, x, y) {
  lines.forEach((l, j) => {
    const runs = [[]];
    for (const p of facet.paths[j]) {
      if (p.y === null) runs.push([]);
      else runs[runs.length - 1].push(`${x(p.x).toFixed(1)},${y(p.y).toFixed(1)}`);
    }
    const drawn = runs.filter((run) => run.length), foot = baseline !== null && y(baseline).toFixed(1);
    if (!drawn.length) return;
    if (baseline !== null && j === 0) {
      node.append(svg("path", { class: "area", style: `fill:${l.color}`,
        d: drawn.map((run) => `M${run[0].split(",")[0]},${foot}L${run.join("L")}V${foot}Z`).join("") }));
    }
    // A day alone is a stroke of no length: its round cap makes the dot.
    node.append(named(svg("path", { class: l.dashed ? "trace dashed" : "trace", style: `stroke:${l.color}`, d: drawn.map((run) => `M${run.join("L")}${run[1] ? "" : "h0"}`).join("") }), `${facet.label}: ${l.label}`));
  });
}

// Under the panel's name, where each line ends: as many as there is room for.
function pathEnds(node, facet, lines, format, left, y, w) {
  const ends = lines.map((l, j) => ({ ...l, p: known(facet.paths[j]).pop() })).filter((end) => end.p && !end.dashed);
  const lead = ends.length ? "Ends at" : "No values";
  let x = left + textWidth(lead, 12) + 6;
  node.append(text(left, y, lead, { class: "quiet" }));
  for (const { p, color } of ends) {
    const label = show(p.y, format), wide = textWidth(label, 12, 600);
    if (x + wide > left + w) break;
    node.append(text(x, y, label, { class: "value small strong", style: `fill:${color}` }));
    x += wide + 10;
  }
}

/* ---------- calendar of bottlenecks ---------- */

const OTHER_CAUSES = { capacity: "Own capacity", orders: "Orders" };

// Industries by what they lost in all; a spell is held back by an input, by capacity or for want of orders.
function readSpells({ options, data }) {
  const users = new Map();
  for (const row of data.rows) {
    const key = row[options.row_code || options.row];
    if (!users.has(key)) users.set(key, { label: row[options.row], spells: [], value: null });
    const user = users.get(key), other = OTHER_CAUSES[row[options.cause]];
    if (row[options.weight] !== null) user.value += row[options.weight];
    user.spells.push({ from: row[options.from], to: row[options.to], kind: other ? row[options.cause] : "input",
      name: other || (row[options.cause_name] || "–").replace(/^–$/, "An input not named"), weight: row[options.weight], share: row[options.share] ?? null });
  }
  users.forEach((user) => user.spells.sort((a, b) => (a.from ?? Infinity) - (b.from ?? Infinity)));
  return [...users.values()].sort(descending("value"));
}

// The inputs that hold back most industries get a colour of their own, the others share grey.
function spellColors(users) {
  const seen = new Map();
  users.forEach((user) => user.spells.filter((s) => s.kind === "input").forEach((s) => {
    if (!seen.has(s.name)) seen.set(s.name, { name: s.name, users: new Set(), value: 0 });
    seen.get(s.name).users.add(user);
    seen.get(s.name).value += s.weight ?? 0;
  }));
  return [...seen.values()].sort((a, b) => b.users.size - a.users.size || b.value - a.value).map((cause) => cause.name);
}

function drawCalendar(chart) {
  const { options, data } = chart;
  const users = limited(chart, readSpells(chart), "industries");
  const shown = users.flatMap((user) => user.spells);
  const ranked = spellColors(users), coloured = ranked.slice(0, HUES.length);
  const hue = (s) => (coloured.includes(s.name) ? HUES[coloured.indexOf(s.name)] : "var(--s6)");
  const fill = (s) => (s.kind === "capacity" ? `url(#${chart.id}-hatch)` : s.kind === "orders" ? "var(--paper)" : hue(s));
  const horizon = Number(options.horizon) || shown.reduce((most, s) => Math.max(most, s.to ?? 0), 1);
  const depth = (s) => (s.share === null ? null : Math.max(0, options.share_of === "lost" ? s.share : 1 - s.share));
  const deepest = shown.reduce((most, s) => Math.max(most, depth(s) ?? 0), 0);
  const thick = (s) => (depth(s) === null || !deepest ? 11 : 5 + 13 * Math.sqrt(depth(s) / deepest));

  heads(chart, [{ label: "Held back for want of", cls: "plain" }, ...coloured.map((name) => ({ label: name, color: hue({ name }), cls: "box" })),
    ranked.length > coloured.length && { label: "Other inputs", color: "var(--s6)", cls: "box" },
    ...Object.keys(OTHER_CAUSES).filter((kind) => shown.some((s) => s.kind === kind)).map((kind) => ({ label: OTHER_CAUSES[kind], color: "var(--s6)", cls: `box ${kind}` })),
  ].filter(Boolean));
  const weight = data.column(options.weight), title = options.weight_label || weight.label || "Loss";
  const end = Math.max(Math.min(textWidth(title, 12), 96), ...users.map((user) => textWidth(show(user.value, weight.format), 13, 600))) + 12;
  const long = users.length > 8;
  const place = rows(chart, users, { end, top: 26, rowHeight: 28 });
  const x = scale(horizon, place.left, place.right), width = place.right - place.left;
  const node = canvas(chart, chart.width, place.total + (long ? 20 : 2));
  node.append(hatch(`${chart.id}-hatch`, "var(--s6)"));
  const ticks = ticksWithin(0, horizon, width / (horizon > 1000 ? 56 : 44), DAY_STEPS);
  ticks.values.forEach((v) => {
    const label = v ? grouped(v) : "day 0";
    node.append(line(x(v), 18, x(v), place.total, v || place.above ? "grid" : "base"));
    const last = x(v) + textWidth(label, 12) / 2 > place.right;
    for (const y of long ? [12, place.total + 16] : [12]) node.append(text(last ? place.right : x(v), y, label, { class: "tick", "text-anchor": last ? "end" : v ? "middle" : "start" }));
  });
  node.append(text(chart.width, 12, fit(title, end - 12, 12), { class: "tick", "text-anchor": "end" }));
  const targets = [];
  users.forEach((user, i) => {
    const y = place.middle(i);
    node.append(place.label(i, user), line(place.left, y, place.right, y, "grid"),
      text(chart.width, y + 4.5, show(user.value, weight.format), { class: "value", "text-anchor": "end" }));
    // No first day, no bar; no last day, to the end. Long spells first, so that short ones lie on top.
    const drawn = user.spells.filter((s) => s.from !== null && s.from <= horizon)
      .map((s) => ({ ...s, x: x(Math.max(s.from, 0)), wide: Math.max(x(Math.min(s.to ?? horizon, horizon)) - x(Math.max(s.from, 0)), 2) }));
    const days = (s) => `${grouped(s.from)}–${s.to === null ? "end" : grouped(s.to)}`;
    [...drawn].sort((a, b) => b.wide - a.wide).forEach((s) => node.append(named(svg("rect", { x: s.x, y: y - thick(s) / 2, width: s.wide > 5 ? s.wide - 1 : s.wide, height: thick(s),
      class: `spell ${s.kind}`, style: `fill:${fill(s)}` }), `${user.label}, for want of ${s.name}, days ${days(s)}: ${show(s.weight, weight.format)}`)));
    drawn.forEach((s, k) => {
      const alone = drawn.every((o) => o === s || o.x >= s.x + s.wide - 1 || o.x + o.wide <= s.x + 1);
      if (alone) spellName(node, s, y, (drawn[k + 1]?.x ?? place.right) - s.x - s.wide - 10, thick(s));
      const reach = Math.max(0, (12 - s.wide) / 2);   // a day or two must still be hit
      targets.push({
        box: [s.x - reach, place.y(i), s.wide + 2 * reach, place.height], cursor: [s.x - 1.5, y - thick(s) / 2 - 1.5, s.wide + 3, thick(s) + 3], row: i, col: k, title: user.label,
        rows: [["For want of", s.name, s.kind === "input" ? hue(s) : undefined], ["Days", days(s)], [title, show(s.weight, weight.format)],
          ...(options.share ? [[options.share_label || data.column(options.share).label, show(s.share, data.column(options.share).format)]] : [])],
      });
    });
  });
  explore(chart, node, targets);
  if (deepest && shown.length > 1) chart.root.append(html("p", { class: "note" }, "The thicker the bar, the further production fell."));
}

// What was wanting, beside the bar or inside it, where there is room.
function spellName(node, s, y, room, thick) {
  const beside = textWidth(s.name, 12) <= room || room > 60;
  if (beside) node.append(text(s.x + s.wide + 6, y + 4, fit(s.name, room, 12), { class: "quiet" }));
  else if (s.kind === "input" && thick >= 15 && s.wide > Math.min(90, textWidth(s.name, 12, 600) + 12)) node.append(text(s.x + 6, y + 4, fit(s.name, s.wide - 12, 12, 600), { class: "inside small", style: "fill:var(--paper)" }));
}

/* ---------- a technology chain: its graph ---------- */

const NODE = { width: 112, height: 45, row: 29, gap: 14, track: 8 };   // at full size; row is half a row
const SHARE_CLASSES = 5;   // of a fifth each
const shareClass = (v) => Math.min(SHARE_CLASSES - 1, Math.floor(v * SHARE_CLASSES + 1e-9));
const list = (string) => (string || "").split(", ").filter(Boolean);
const spoken = (parts) => (parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}` : parts.join(""));

// A share that is known within bounds.
function between(low, high) {
  if (low === null || high === null) return "not known";
  return high - low < 5e-4 ? show(low, "share") : `${show(low, "share")} to ${show(high, "share")}`;
}

// Words of a table in at most so many lines of a width; the last is cut if it must be.
function lines(string, width, size, most) {
  const words = string.split(/(?<=[-/])|\s+/), found = [""];
  for (const word of words) {
    const last = found[found.length - 1], glue = !last || /[-/]$/.test(last) ? "" : " ";
    if (!last || textWidth(last + glue + word, size) <= width) found[found.length - 1] = last + glue + word;
    else if (found.length < most) found.push(word);
    else found[found.length - 1] = last + glue + word;
  }
  return found.map((l) => fit(l, width, size));
}

// What the table says of each input: how foreign it is, and whether one region abroad can stop the product by it.
function readChain({ options, data }) {
  const names = JSON.parse(options.names), graph = JSON.parse(options.graph);
  const rows = new Map(data.rows.map((row) => [row.input, row]));
  const supplies = new Map();
  const table = document.getElementById(options.suppliers)?.querySelector("table[data-finding]");
  for (const row of table ? readTable(table).rows : []) {
    if (!supplies.has(row.input)) supplies.set(row.input, []);
    supplies.get(row.input).push(row);
  }
  const nodes = graph.nodes.map(([id, column, at]) => {
    const row = rows.get(id) || {};
    const alone = list(row.alone), perhaps = list(row.perhaps);
    return { id, column, at, row, name: row.input_name || id, low: row.foreign_low ?? null, high: row.foreign_high ?? null, open: row.not_attributed ?? 0, reached: row.reached ?? null, wanted: row.wanted === "yes",
      alone, perhaps, grip: !row.stops && id !== graph.product ? "" : alone.length ? "certain" : perhaps.length ? "possible" : "", supplies: supplies.get(id) || [] };
  });
  return { names, graph, nodes, name: (code) => names[code] || code };
}

const CHAIN_ZOOMS = [0.2, 0.25, 0.35, 0.5, 0.65, 0.8, 1, 1.25, 1.6, 2];

const stepUp = (zoom) => CHAIN_ZOOMS.find((z) => z > zoom + 0.01) ?? zoom;
const stepDown = (zoom, least) => Math.min(zoom, Math.max(least, [...CHAIN_ZOOMS].reverse().find((z) => z < zoom - 0.01) ?? least));

function drawChain(chart) {
  const chain = readChain(chart), { graph, nodes } = chain, { state } = chart;
  // Where columns stand at full size: a gap has room for its tracks.
  const left = [];
  let x = 1;
  for (let c = 0; c <= graph.tracks.length; c++) {
    left.push(x);
    x += NODE.width + (c < graph.tracks.length ? 2 * NODE.gap + Math.max(0, graph.tracks[c] - 1) * NODE.track : 0);
  }
  const full = { width: x + 1, height: (graph.height + 2) * NODE.row };
  // All of it where it can be read so; else, as on a phone, a part of it that scrolls.
  const whole = Math.min(1.25, (chart.width - 2) / full.width);
  const start = whole < 0.5 ? 0.8 : whole, least = Math.min(start, Math.max(whole, CHAIN_ZOOMS[0]));
  const zoom = chart.printing ? Math.min(whole, 450 / full.height) : state.zoom || start;
  const head = graph.stages.some(([name]) => name) ? 34 : 8;
  const px = (v) => v * zoom, nodeX = (node) => px(left[node.column]), nodeY = (node) => head + px(node.at * NODE.row + NODE.row - NODE.height / 2);
  const wide = px(NODE.width), high = px(NODE.height), middleY = (at) => head + px(at * NODE.row + NODE.row);

  const spans = chart.options.planned && reachedSpans(chart);   // a plan's chain is coloured by the year reached
  if (spans) reachedLegend(chart, spans); else chainLegend(chart, chain);
  const holder = html("div", { class: "scroller pan" });
  chart.root.append(chainControls(chart, zoom, least), holder);
  const node = canvas({ ...chart, root: holder }, Math.ceil(px(full.width)), Math.ceil(head + px(full.height)));
  if (!state.high) state.high = Math.ceil(head + Math.min(full.height * start, 980));
  holder.style.maxHeight = chart.printing ? "" : `${Math.max(state.high, 240)}px`;
  node.append(chainHatch(chart.id));

  // Stages: a band behind their columns, and their names above.
  graph.stages.forEach(([name, first, last], k) => {
    const from = px(left[first]) - px(NODE.gap) * 0.7, to = px(left[last] + NODE.width) + px(NODE.gap) * 0.7;
    if (!name) return;
    node.append(svg("rect", { x: Math.max(0, from), y: 24, width: to - Math.max(0, from), height: head + px(full.height) - 24, class: k % 2 ? "stage even" : "stage" }),
      // A wide stage says its name again, so that a part of it can be read alone.
      ...Array.from({ length: Math.max(1, Math.floor((to - from) / 300)) }, (_, r) =>
        text(Math.max(2, px(left[first])) + r * 300, 16, fit(name, Math.min(Math.max(to - from - 6, 40), 280), 13, 600), { class: r ? "head again" : "head" })));
  });

  const edges = graph.edges.map(([from, to, kind, steps]) => {
    const path = svg("path", { d: chainPath(steps, nodes[from].column, left, px, middleY), class: kind ? "edge variant" : "edge" });
    return { from, to, path };
  });
  node.append(...edges.map((edge) => edge.path));

  // Paper shows smaller letters than a screen.
  const small = chart.printing ? 6.5 : 9.5, size = Math.max(small, Math.min(12 * zoom, 15)), chip = Math.max(small - 1, Math.min(10.5 * zoom, 13));
  const drawn = nodes.map((n) => (spans ? reachedNode(spans, n) : n)).map((n) => chainNode(chart, n, nodeX(n), nodeY(n), wide, high, size, chip));
  node.append(...drawn);

  const steps = (n) => [...edges.filter((e) => nodes[e.to] === n || nodes[e.from] === n).map((e) => e.path)];
  const byPlace = nodes.map((n, i) => ({ n, i })).sort((a, b) => a.n.column - b.n.column || a.n.at - b.n.at);
  explore(chart, node, byPlace.map(({ n, i }) => ({
    box: [nodeX(n), nodeY(n), wide, high], cursor: [nodeX(n) - 3, nodeY(n) - 3, wide + 6, high + 6],
    title: n.name, rows: spans ? reachedRows(n) : chainRows(chart, chain, n), lit: steps(n),
    place: [n.column, n.at], shown: () => drawn[i].scrollIntoView({ block: "nearest", inline: "nearest" }),
  })), nearby, state);
  panning(chart, holder, node, zoom, least);
  if (state.centre) {
    holder.scrollLeft = state.centre[0] * node.clientWidth - holder.clientWidth / 2;
    holder.scrollTop = state.centre[1] * node.clientHeight - holder.clientHeight / 2;
  } else {
    // Begin where the chain can be stopped.
    const tight = nodes.filter((n) => n.grip === "certain" || n.reached !== null), at = tight.length ? tight : nodes;
    holder.scrollLeft = nodeX(at[Math.floor(at.length / 2)]) + wide / 2 - holder.clientWidth / 2;
  }
}

// The arrow keys walk to the nearest node that way.
function nearby(targets, current, dx, dy) {
  const [column, at] = targets[current].place;
  let best = -1, least = Infinity;
  targets.forEach((t, i) => {
    const along = dx ? (t.place[0] - column) * dx : (t.place[1] - at) * dy, aside = Math.abs(dx ? t.place[1] - at : t.place[0] - column);
    const far = dx ? along * 4 + aside : along + aside * 100;
    if (along > 0 && far < least) { best = i; least = far; }
  });
  return best;
}

// Level, along the track, level: corners are rounded.
function chainPath(steps, column, left, px, middleY) {
  let path = "";
  steps.forEach(([from, to, track], k) => {
    const start = px(left[column + k] + NODE.width), end = px(left[column + k + 1]), y0 = middleY(from), y1 = middleY(to);
    path += k === 0 ? `M${start.toFixed(1)},${y0.toFixed(1)}` : `H${start.toFixed(1)}`;
    if (track === null) { path += `H${end.toFixed(1)}`; return; }
    const x = px(left[column + k] + NODE.width + NODE.gap + track * NODE.track), r = Math.min(px(5), Math.abs(y1 - y0) / 2), s = Math.sign(y1 - y0);
    path += `H${(x - r).toFixed(1)}Q${x.toFixed(1)},${y0.toFixed(1)} ${x.toFixed(1)},${(y0 + s * r).toFixed(1)}V${(y1 - s * r).toFixed(1)}Q${x.toFixed(1)},${y1.toFixed(1)} ${(x + r).toFixed(1)},${y1.toFixed(1)}H${end.toFixed(1)}`;
  });
  return path;
}

const chainHatch = (id) => svg("defs", {}, svg("pattern", { id: `${id}-open`, width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
  svg("rect", { width: 1.3, height: 5, class: "hatchline" })));

// The filled part is what regions are known to hold, in the colour of the foreign share at least; the hatched part is what no region is
// known to hold, in the colour of the foreign share at most.
function chainNode(chart, n, x, y, wide, high, size, chip) {
  const group = svg("g", { class: `node ${n.grip} ${n.low === null ? "made" : ""}` });
  const box = (from, to, attrs) => svg("rect", { x: x + wide * from, y, width: Math.max(0, wide * (to - from)), height: high, ...attrs });
  group.append(box(0, 1, { class: "paper" }));
  const known = 1 - Math.min(1, Math.max(0, n.open));
  if (n.fill) group.append(box(0, 1, { style: `fill:var(--${n.fill})` }));
  if (n.low !== null) {
    const low = `fill:var(--f${shareClass(n.low)})`, most = `fill:var(--f${shareClass(n.high ?? 1)})`;
    group.append(box(0, known, { style: low }));
    if (known < 0.975) group.append(box(known, 1, { style: most }), box(known, 1, { style: `fill:url(#${chart.id}-open)` }));
  }
  const stroke = n.grip && `stroke-width:${Math.max(1.4, Math.min(n.grip === "certain" ? 3.4 : 2.4, (n.grip === "certain" ? 4.6 : 3.2) * (wide / NODE.width)))}`;
  group.append(box(0, 1, { class: "rim", rx: 1.5, style: stroke || null }));
  const most = Math.max(1, Math.min(3, Math.floor((high - 3) / (size * 1.12))));
  const written = lines(n.name, wide - 7, size, most), under = n.fill ? n.fill : n.low === null ? "paper" : `f${shareClass(known > 0.4 ? n.low : n.high ?? 1)}`;
  written.forEach((l, k) => group.append(text(x + wide / 2, y + high / 2 + size * 0.36 + (k - (written.length - 1) / 2) * size * 1.12, l,
    { "text-anchor": "middle", class: "name", style: `font-size:${size}px;stroke:var(--${under})` })));
  const who = n.grip === "certain" ? n.alone : n.grip === "possible" ? n.perhaps : [];
  if (who.length) {
    const label = who[0] + (who.length > 1 ? ` +${who.length - 1}` : "") + (n.grip === "possible" ? " ?" : "");
    group.append(text(x + wide - 4, y + chip * 0.36, label, { "text-anchor": "end", class: `chip ${n.grip}`, style: `font-size:${chip}px` }));
  }
  return named(group, n.name);
}

function chainRows(chart, chain, n) {
  const { row } = n, home = chart.options.home, rows = [["Kind", `${row.kind || ""}${row.stage ? `, ${row.stage}` : ""}`]];
  if (n.low !== null) rows.push([`Foreign to ${home}`, between(n.low, n.high)]);
  if (n.open > 0.005) rows.push(["Holder not known", show(n.open, "share")]);
  if (row.stops) rows.push(["Without it no", row.stops === "all" ? "product" : row.stops]);
  if (n.alone.length) rows.push(["Taken away alone by", n.alone.map(chain.name).join(", ") + (row.firm ? ` (${row.firm})` : ""), "var(--s3)"]);
  if (n.perhaps.length) rows.push(["Perhaps by", n.perhaps.map(chain.name).join(", "), "var(--s3)"]);
  if (row.variants > 0) rows.push(["Made of any of", grouped(row.variants)]);
  const most = 7;
  n.supplies.slice(0, most).forEach((s) => rows.push([[s.region_name || "Somewhere", s.firm].filter(Boolean).join(": "),
    s.share_low === null ? "share not known" : between(s.share_low, s.share_high), undefined, [s.year, s.publisher].filter(Boolean).join("; ")]));
  if (n.supplies.length > most) rows.push(["And others", `${n.supplies.length - most}, in the table below`]);
  if (!n.supplies.length) rows.push(["Suppliers", "none named: made of its inputs"]);
  return rows;
}

function chainLegend(chart, chain) {
  const swatch = (fill, ...more) => svg("svg", { width: 26, height: 14, "aria-hidden": "true" },
    svg("rect", { x: 1, y: 1, width: 24, height: 12, ...fill }), ...more);
  const scaleOf = svg("svg", { width: SHARE_CLASSES * 26 + 14, height: 30, "aria-hidden": "true" });
  for (let i = 0; i < SHARE_CLASSES; i++) scaleOf.append(svg("rect", { x: i * 26, y: 0, width: 25, height: 12, style: `fill:var(--f${i})` }));
  for (let i = 0; i <= SHARE_CLASSES; i += SHARE_CLASSES) scaleOf.append(text(i * 26, 26, `${(100 * i) / SHARE_CLASSES}${NBSP}%`, { class: "tick", "text-anchor": i ? "end" : "start" }));
  const line = (cls) => svg("svg", { width: 26, height: 14, "aria-hidden": "true" }, svg("path", { d: "M1,7H25", class: cls }));
  const item = (mark, words) => html("li", {}, mark, words);
  chart.root.append(html("ul", { class: "chainkey" },
    item(scaleOf, `Foreign to ${chart.options.home}, at least`),
    item(swatch({ style: "fill:var(--f4)" }, chainHatch(`${chart.id}-key`), svg("rect", { x: 12, y: 1, width: 13, height: 12, style: `fill:url(#${chart.id}-key-open)` })), "Hatched: holder not known (colour: share at most)"),
    item(swatch({ class: "rim certain" }), "One region abroad stops the product by it"),
    item(swatch({ class: "rim possible" }), "One perhaps does"),
    item(line("edge"), "goes into"),
    chain.graph.edges.some((edge) => edge[2]) && item(line("edge variant"), "is one of several that do")));
}

// Years planned in as many spans as there are colours, the first soonest.
function reachedSpans({ options }) {
  const from = Number(options.from), years = Number(options.years), count = Math.min(SHARE_CLASSES, years), edge = (k) => from + Math.round((k * years) / count);
  return Array.from({ length: count }, (_, k) => ({ from: edge(k), to: edge(k + 1) - 1, fill: `f${k}` }));
}

// Reached in a span: its colour. Wanted and not reached: a broken rim.
function reachedNode(spans, n) {
  const span = n.reached !== null && spans.find((s) => n.reached <= s.to);
  return { ...n, fill: span ? span.fill : "", grip: n.wanted && !span ? "possible" : "", perhaps: [], alone: [] };
}

function reachedRows(n) {
  const { row } = n;
  if (!n.wanted) return [["Strategy", "says nothing of it"]];
  return [["Reached", n.reached === null ? "not in the years planned" : String(n.reached)], ...(row.programmes ? [["By", row.programmes]] : []),
    ["Self-reliance in the first year", show(row.before, "share")], ["in the last", show(row.after, "share")]];
}

function reachedLegend(chart, spans) {
  const swatch = (attrs) => svg("svg", { width: 26, height: 14, "aria-hidden": "true" }, svg("rect", { x: 1, y: 1, width: 24, height: 12, ...attrs }));
  chart.root.append(html("ul", { class: "chainkey" }, ...spans.map((s) => html("li", {}, swatch({ style: `fill:var(--${s.fill})` }), s.to > s.from ? `${s.from}–${s.to}` : String(s.from))),
    html("li", {}, swatch({ class: "rim possible" }), "wanted, and not reached"), html("li", {}, swatch({ class: "rim" }), "not in the strategy")));
}

function chainControls(chart, zoom, least) {
  const to = (value) => () => zoomed(chart, value);
  const button = (label, name, value, off) => {
    const made = html("button", { type: "button", "aria-label": name, title: name, disabled: off ? "" : null, "data-zoom": label }, label);
    made.addEventListener("click", () => { to(value)(); chart.root.querySelector(`[data-zoom="${label}"]`)?.focus({ preventScroll: true }); });
    return made;
  };
  const larger = stepUp(zoom), smaller = stepDown(zoom, least);
  return html("div", { class: "zoombar" },
    html("div", { class: "segmented", role: "group", "aria-label": "Zoom" },
      button("−", "Smaller", smaller, smaller >= zoom), button("+", "Larger", larger, larger <= zoom), button("Reset", "Back to the first view", null, false)),
    html("span", {}, "Drag or scroll to move; Ctrl and the wheel, or + and −, to zoom."));
}

// Another size, the middle of what is seen kept in the middle (or what is under the pointer under it).
function zoomed(chart, value, focus) {
  const holder = chart.root.querySelector(".pan"), node = holder.firstElementChild;
  const [fx, fy] = focus || [holder.clientWidth / 2, holder.clientHeight / 2];
  chart.state.centre = value === null ? null : [(holder.scrollLeft + fx) / node.clientWidth, (holder.scrollTop + fy) / node.clientHeight];
  chart.state.zoom = value;
  draw(chart);
}

function panning(chart, holder, node, zoom, least) {
  const most = CHAIN_ZOOMS[CHAIN_ZOOMS.length - 1];
  holder.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;   // the wheel alone scrolls
    event.preventDefault();
    const at = holder.getBoundingClientRect();
    const next = Math.max(least, Math.min(most, zoom * Math.exp(-event.deltaY * 0.004)));
    if (Math.abs(next - zoom) > 1e-3) zoomed(chart, next, [event.clientX - at.left, event.clientY - at.top]);
  }, { passive: false });
  node.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { "+": stepUp(zoom), "=": stepUp(zoom), "-": stepDown(zoom, least), 0: null }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    zoomed(chart, to);
    chart.root.querySelector(".pan > svg").focus({ preventScroll: true });
  });
  // A mouse drags; a finger scrolls by itself.
  holder.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    const from = [event.clientX + holder.scrollLeft, event.clientY + holder.scrollTop];
    const move = (e) => { holder.scrollLeft = from[0] - e.clientX; holder.scrollTop = from[1] - e.clientY; };
    const up = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", up); holder.classList.remove("dragged"); };
    holder.classList.add("dragged");
    addEventListener("pointermove", move);
    addEventListener("pointerup", up);
  });
}

/* ---------- who can stop a chain, and who can take what away ---------- */

function drawCoalitions(chart) {
  const { options, data } = chart, names = JSON.parse(options.names), name = (code) => names[code] || code;
  const grades = [...new Set(data.rows.map((row) => row[options.grade]))];
  const found = new Map();
  for (const row of data.rows) {
    const key = row[options.coalition];
    if (!found.has(key)) found.set(key, { label: key.split("+").map(name).join(" + "), sub: "", grades: new Map(), size: key.split("+").length, inputs: new Map() });
    const item = found.get(key);
    item.grades.set(row[options.grade], row[options.sure]);
    item.inputs.set(row[options.sure], list(row[options.inputs]).map(name));
  }
  for (const item of found.values()) item.sub = `by ${spoken(item.inputs.get("certain") || item.inputs.get("possible"))}`;
  const sure = (item) => [...item.grades.values()].filter((s) => s === "certain").length;
  const items = limited(chart, [...found.values()].sort((a, b) => (sure(b) > 0) - (sure(a) > 0) || a.size - b.size || sure(b) - sure(a)), "coalitions");
  heads(chart, [{ label: "Certain", color: "var(--s3)" }, { label: "Possible", color: "var(--s3)", cls: "hollow" }]);
  const title = (grade) => (grade === "*" ? "product" : grade);
  const column = Math.max(64, ...grades.map((grade) => textWidth(title(grade), 13, 600) + 18));
  const node = canvas(chart, chart.width, 30 + items.length * 44 + 2);
  const side = chart.width - grades.length * column, at = (g) => side + (g + 0.5) * column;
  grades.forEach((grade, g) => node.append(text(at(g), 16, title(grade), { class: "head", "text-anchor": "middle" })));
  items.forEach((item, i) => {
    const y = 30 + i * 44;
    node.append(line(0, y, chart.width, y, "grid"), text(0, y + 19, fit(item.label, side - 8, 13, 600), { class: "strong" }), text(0, y + 35, fit(item.sub, side - 8, 12), { class: "quiet" }));
    grades.forEach((grade, g) => {
      const how = item.grades.get(grade);
      if (how) node.append(svg("circle", { cx: at(g), cy: y + 22, r: 7, class: how === "certain" ? "sure" : "unsure" }));
    });
  });
  explore(chart, node, items.map((item, i) => ({
    box: [0, 30 + i * 44, chart.width, 44], title: item.label,
    rows: [...grades.map((grade) => [title(grade), item.grades.get(grade) || "cannot stop it"]), ...[...item.inputs].map(([how, taken]) => [`Takes away (${how})`, spoken(taken)])],
  })));
}

function drawReach(chart) {
  const { options, data } = chart, names = JSON.parse(options.names), name = (code) => names[code] || code;
  const partners = data.rows.map((row) => ({ label: name(row[options.partner]), sure: row[options.takes] ?? 0, more: row[options.perhaps] ?? 0, stops: row[options.stops],
    inputs: list(row[options.inputs]).map(name), color: "var(--s3)" })).filter((item) => item.sure + item.more > 0);
  const first = data.rows[0];
  const own = { label: `${options.home}, from everybody else`, sure: first[options.given] ?? 0, more: first[options.given_perhaps] ?? 0, stops: first[options.stopped],
    inputs: list(first[options.given_inputs]).map(name), color: "var(--s1)" };
  const shown = limited(chart, partners, "partners"), items = [...shown, own];
  for (const item of items) item.sub = item.stops ? `stops ${item.stops === "all" ? "the product" : item.stops}` : "stops nothing for certain";
  const caption = (item) => `${item.sure}${item.more ? ` + ${item.more} perhaps` : ""}`;
  heads(chart, [{ label: `Taken from ${options.home}, for certain`, color: "var(--s3)", cls: "box" }, { label: "perhaps", color: "var(--s3)", cls: "box capacity" }, { label: `Taken by ${options.home}`, color: "var(--s1)", cls: "box" }]);
  const end = Math.min(Math.max(...items.map((item) => textWidth(caption(item), 13, 600))) + 12, chart.width * 0.45);
  const place = rows(chart, items, { end });
  const x = scale(Math.max(1, ...items.map((item) => item.sure + item.more)), place.left, place.right);
  const node = canvas(chart, chart.width, place.total + 2);
  node.append(hatch(`${chart.id}-hatch`, "var(--s3)"), hatch(`${chart.id}-own`, "var(--s1)"));
  if (!place.above) node.append(line(place.left, 0, place.left, place.total, "base"));
  items.forEach((item, i) => {
    const y = place.middle(i) - 8, mine = item === own;
    node.append(place.label(i, item), item.sure > 0 && bar(place.left, y, x(item.sure) - place.left, 16, item.color),
      item.more > 0 && bar(x(item.sure), y, x(item.sure + item.more) - x(item.sure), 16, `url(#${chart.id}-${mine ? "own" : "hatch"})`),
      text(x(item.sure + item.more) + 6, place.middle(i) + 4.5, fit(caption(item), chart.width - x(item.sure + item.more) - 6, 13, 600), { class: "value" }));
  });
  explore(chart, node, items.map((item, i) => ({
    box: place.box(i), title: item.label,
    rows: [["For certain", grouped(item.sure)], ["Perhaps", grouped(item.more)], ...(item.inputs.length ? [["Inputs", item.inputs.join(", ")]] : []), ["Stops", item.stops || "nothing for certain"]],
  })));
}

/* ---------- minerals ---------- */

function drawMinerals(chart) {
  const { options, data } = chart, names = JSON.parse(options.names);
  const all = data.rows.filter((row) => row[options.value] !== null && row[options.who]);
  const items = limited(chart, all.map((row) => ({ row, label: `${row[options.label]}, ${row[options.stage]}`, value: row[options.value], who: row[options.who], low: row[options.low], high: row[options.high] })), "minerals");
  heads(chart, [{ label: "Largest producer abroad", color: "var(--s3)", cls: "box" }, { label: options.home, color: "var(--s1)", cls: "box" }, { label: `${options.home}, at most`, color: "var(--s1)", cls: "box capacity" }]);
  const caption = (item) => `${item.who} ${show(item.value, "share")}`;
  const end = Math.max(...items.map((item) => textWidth(caption(item), 13, 600))) + 8;
  const place = rows(chart, items, { end, rowHeight: chart.printing ? 28 : 32 });
  const x = scale(1, place.left, place.right);   // of all the world's
  const node = canvas(chart, chart.width, place.total + 2);
  node.append(hatch(`${chart.id}-hatch`, "var(--s1)"));
  if (!place.above) node.append(line(place.left, 0, place.left, place.total, "base"));
  items.forEach((item, i) => {
    const y = place.middle(i) - 9, low = length(item.low);
    node.append(place.label(i, item), bar(place.left, y, x(item.value) - place.left, 11, "var(--s3)"),
      low > 0 && bar(place.left, y + 12, x(low) - place.left, 5, "var(--s1)"),
      item.high !== null && item.high - low > 5e-4 && bar(x(low), y + 12, x(item.high) - x(low), 5, `url(#${chart.id}-hatch)`),
      text(x(item.value) + 6, y + 10, caption(item), { class: "value" }));
  });
  explore(chart, node, items.map((item, i) => ({
    box: place.box(i), title: item.label,
    rows: [[names[item.who] || item.who, show(item.value, "share"), "var(--s3)"], [options.home, between(item.low, item.high ?? item.low) + (item.high === null && item.low !== null ? " at least" : ""), "var(--s1)"],
      ["Producers for 75 %", show(item.row.producers_for_75, "integer")], ["Not told apart", show(item.row.not_told_apart, "share")],
      ...(item.row.withheld ? [["No figure of", item.row.withheld]] : [])],
  })));
}

const MAP_BOUNDS = [0.01, 0.05, 0.1, 0.2, 0.4, 0.6];   // under the first h1, from the last h7
const MAP = { width: 1000, height: 434 };

function drawMap(chart) {
  const { options, data, state, width } = chart;
  const places = options.places.split("\n").filter(Boolean).map((l) => l.split("\t")).map(([code, name, shape]) => ({ code, name, shape }));
  const minerals = new Map();
  for (const row of data.rows) {
    const key = `${row.mineral} ${row.stage}`;
    if (!minerals.has(key)) minerals.set(key, { key, label: `${row.mineral_name}, ${row.stage}`, year: row.year, rows: [] });
    minerals.get(key).rows.push(row);
  }
  const chosen = minerals.get(state.mineral) || minerals.values().next().value;
  const select = html("select", { id: `${chart.id}-select` }, [...minerals.values()].map((m) => html("option", { value: m.key, selected: m === chosen ? "" : null }, m.label)));
  select.addEventListener("change", () => {
    state.mineral = select.value;
    draw(chart);
    chart.root.querySelector("select").focus({ preventScroll: true });
  });
  chart.root.append(html("div", { class: "heatbar" }, html("label", { class: "choice" }, "Mineral ", select), mapLegend(chart)),
    html("h4", { class: "printed" }, chosen.label));

  const k = width / MAP.width, members = (options.members || "").split(" ");
  const node = canvas(chart, width, Math.ceil(MAP.height * k), `${chart.alt} ${chosen.label}.`);
  const hatched = chainHatch(chart.id);
  const sheet = svg("g", { transform: `scale(${k})` });
  node.append(hatched, sheet);
  const byCode = new Map(chosen.rows.map((row) => [row.producer, row]));
  const shapes = new Map(), home = [];
  for (const place of places) {
    const row = byCode.get(place.code), share = row && row.share, dot = !place.shape.startsWith("m");
    if (dot && !row) continue;
    const level = row && share > 0 ? `h${1 + MAP_BOUNDS.filter((b) => share >= b).length}` : null;
    const [cx, cy] = place.shape.split(",");
    const shape = dot ? svg("circle", { cx, cy, r: 4 / k }) : svg("path", { d: place.shape });
    shape.setAttribute("class", "land");
    shape.style.strokeWidth = 0.6 / k;
    if (level) shape.style.fill = `var(--${level})`;
    sheet.append(shape);
    if (row && share === null) {
      const over = shape.cloneNode();
      over.style.fill = `url(#${chart.id}-open)`;
      sheet.append(over);
    }
    if (members.includes(place.code)) home.push(shape);
    if (row) shapes.set(place.code, shape);
  }
  home.forEach((shape) => {
    const rim = shape.cloneNode();
    rim.setAttribute("class", "homeland");
    rim.removeAttribute("style");
    rim.style.strokeWidth = 1.6 / k;
    sheet.append(rim);
  });
  const ranked = [...chosen.rows].filter((row) => shapes.has(row.producer)).sort(descending("share"));
  explore(chart, node, ranked.map((row) => {
    const shape = shapes.get(row.producer), at = shape.getBBox();
    return {
      box: [at.x * k, at.y * k, at.width * k, at.height * k], title: row.producer_name, lit: [shape],
      inside: (x, y) => shape.isPointInFill(new DOMPoint(x / k, y / k)),
      cursor: [0, 0, 0, 0],
      rows: [["Share of the world", show(row.share, "share")], ["Production", row.tonnes === null ? row.flag : `${grouped(row.tonnes)} t`], ...(row.tonnes === null ? [] : [["Figure", row.flag]])],
    };
  }));
  const told = [...chosen.rows].filter((row) => row.share !== null && row.share > 0).sort(descending("share"));
  const withheld = chosen.rows.filter((row) => row.share === null);
  const rest = 1 - told.reduce((sum, row) => sum + row.share, 0);
  chart.root.append(html("p", { class: "maplist" }, html("b", {}, `${chosen.label}, ${chosen.year}: `),
    [...told.slice(0, 12).map((row) => `${row.producer_name} ${show(row.share, "share")}`), told.length > 12 && `${told.length - 12} others`, rest > 0.005 && `no figure by country ${show(rest, "share")}`].filter(Boolean).join("; "),
    withheld.length ? `. Without a figure (hatched): ${withheld.map((row) => `${row.producer_name} (${row.flag})`).join(", ")}.` : "."));
}

function mapLegend(chart) {
  const box = 30, node = svg("svg", { width: (MAP_BOUNDS.length + 1) * box + 12, height: 30, "aria-hidden": "true" });
  for (let i = 0; i <= MAP_BOUNDS.length; i++) node.append(svg("rect", { x: i * box, y: 0, width: box - 1, height: 12, style: `fill:var(--h${i + 1})` }));
  MAP_BOUNDS.forEach((bound, i) => node.append(text((i + 1) * box - 0.5, 26, String(100 * bound) + (i === MAP_BOUNDS.length - 1 ? `${NBSP}%` : ""), { class: "tick", "text-anchor": "middle" })));
  const mark = (...kids) => svg("svg", { width: 22, height: 14, "aria-hidden": "true" }, ...kids);
  return html("div", { class: "legends" }, node, html("p", {},
    mark(chainHatch(`${chart.id}-key`), svg("rect", { x: 0.5, y: 0.5, width: 20, height: 12, class: "land" }), svg("rect", { x: 0.5, y: 0.5, width: 20, height: 12, style: `fill:url(#${chart.id}-key-open)` })), "no figure",
    mark(svg("rect", { x: 1, y: 1, width: 19, height: 11, class: "homeland", style: "stroke-width:1.6" })), chart.options.home));
}

/* ---------- products: bought from few, near to what is made ---------- */

// Products that are or were dependent: the last two years side by side.
function drawProducts(chart) {
  const { options, data } = chart, names = JSON.parse(options.names);
  const years = [...new Set(data.rows.map((row) => row[options.x]))].sort((a, b) => a - b).slice(-2);
  const found = new Map();
  for (const row of data.rows) {
    if (!found.has(row[options.code])) found.set(row[options.code], new Map());
    found.get(row[options.code]).set(row[options.x], row);
  }
  const flagged = (row) => row && row[options.flag] === "yes";
  const bought = (row) => (row && row[options.who] ? `${names[row[options.who]] || row[options.who]} ${show(row[options.share], "share")}` : "");
  const all = [...found.values()].filter((of) => [...of.values()].some(flagged)).map((of) => {
    const rows = years.map((year) => of.get(year)), last = rows[rows.length - 1];
    return { rows, label: (last || [...of.values()].pop())[options.label], sub: bought(last) && `from ${bought(last)}`, change: last ? last[options.change] : "" };
  });
  const items = limited(chart, all, "products");
  const colors = years.map((_, i) => (i === years.length - 1 ? "var(--s3)" : "var(--s6)"));
  heads(chart, [...years.map((year, i) => ({ label: String(year), color: colors[i] })), { label: "not dependent by all three", color: "var(--quiet)", cls: "hollow plainly" }]);
  const threshold = Number(options.threshold) || null;
  const place = rows(chart, items, { end: 52, top: threshold ? 44 : 26 });
  const ticks = ticksTo(1, chart.width > 640 ? 5 : 4), x = scale(1, place.left + 6, place.right);
  const node = canvas(chart, chart.width, place.total + 4);
  axisTop(node, ticks, x, threshold ? 30 : 12, place.total, "number");
  if (threshold) {
    const label = `few suppliers: above ${threshold} →`;
    node.append(line(x(threshold), 0, x(threshold), place.total, "threshold"),
      text(Math.min(x(threshold) + 6, chart.width - textWidth(label, 13, 600)), 11, label, { class: "head", style: "fill:var(--s3)" }));
  }
  items.forEach((item, i) => {
    const y = place.middle(i), known = item.rows.filter((row) => row && row[options.value] !== null).map((row) => x(row[options.value]));
    node.append(place.label(i, item));
    if (known.length > 1) node.append(svg("line", { x1: known[0], x2: known[1], y1: y, y2: y, class: "link", style: "stroke:var(--s6)" }));
    item.rows.forEach((row, k) => {
      if (!row || row[options.value] === null) return;
      const ink = flagged(row) ? `fill:${colors[k]}` : `fill:var(--paper);stroke:${colors[k]};stroke-width:2`;
      node.append(named(svg("circle", { cx: x(row[options.value]), cy: y, r: k === years.length - 1 ? 6 : 5, style: ink }), `${item.label}, ${years[k]}: ${show(row[options.value], "number")}`));
    });
    if (item.change) node.append(text(chart.width, y + 4.5, item.change, { class: "value small", "text-anchor": "end", style: `fill:var(${item.change === "new" ? "--s3" : "--s7"})` }));
  });
  explore(chart, node, items.map((item, i) => ({
    box: place.box(i), title: item.label,
    rows: item.rows.flatMap((row, k) => (row ? [[`${years[k]}`, flagged(row) ? "dependent" : "not dependent", colors[k], bought(row)],
      ["CDI1 / 2 / 3", [row.cdi1, row.cdi2, row.cdi3].map((v) => (v === null ? "–" : v.toFixed(2))).join(" / ")]] : [])),
  })));
}

// Names beside their dots, the first of the list first, where they cover neither a dot nor another name; a strong one may stand
// farther off, at the end of a line.
function nameDots(node, dots, [left, top, right, bottom], { most = Infinity, size = 12, widest = 170 } = {}) {
  const taken = dots.map((d) => [d.x - d.r, d.y - d.r, d.x + d.r, d.y + d.r]), half = size * 0.62;
  const free = (b) => b[0] >= left && b[1] >= top && b[2] <= right && b[3] <= bottom && taken.every((o) => b[2] <= o[0] || b[0] >= o[2] || b[3] <= o[1] || b[1] >= o[3]);
  const within = (x, w) => Math.max(left, Math.min(x, right - w));
  let count = 0;
  for (const d of dots) {
    if (count >= most) break;
    const label = fit(d.name, widest, size), w = textWidth(label, size, d.strong ? 600 : 400) + 2;
    // Where the name begins, the height of its middle, and whether a line leads to it.
    const places = [[d.x + d.r + 4, d.y], [d.x - d.r - 4 - w, d.y], [within(d.x - w / 2, w), d.y - d.r - half - 2], [within(d.x - w / 2, w), d.y + d.r + half + 3]];
    if (d.strong) {
      for (const out of [14, 34, 60]) for (const step of [0, -1, 1, -2, 2, -3, 3, -4, 4]) {
        places.push([d.x + d.r + out, d.y + step * 16, true], [d.x - d.r - out - w, d.y + step * 16, true]);
      }
    }
    const found = places.find(([x, y]) => free([x, y - half, x + w, y + half]));
    if (!found) continue;
    const [x, y, led] = found;
    taken.push([x, y - half, x + w, y + half]);
    if (led) node.append(line(d.x, d.y, x > d.x ? x - 2 : x + w + 1, y, "lead"));
    node.append(text(x, y + size * 0.35, label, { class: d.strong ? "strong" : null, style: `font-size:${size}px` }));
    count++;
  }
}

// The arrow keys walk to the nearest dot that way.
function toward(targets, current, dx, dy) {
  const [x, y] = targets[current].place;
  let best = -1, least = Infinity;
  targets.forEach((t, i) => {
    const across = t.place[0] - x, down = t.place[1] - y, along = across * dx + down * dy, aside = Math.abs(dx ? down : across);
    if (along > 0 && along + 2 * aside < least) { best = i; least = along + 2 * aside; }
  });
  return best;
}

function drawSpace(chart) {
  const { options, data } = chart, graph = JSON.parse(options.graph);
  const rows = new Map(data.rows.map((row) => [row.product, row]));
  // A phone is higher than wide; many nodes are given room to scroll in.
  const many = graph.nodes.length > 100, upright = chart.width < 560 && !many;
  const [w, h] = upright ? [graph.height, graph.width] : [graph.width, graph.height];
  const width = many && !chart.printing ? Math.max(chart.width, 860) : chart.width, k = width / w;
  const nodes = graph.nodes.map(([code, x, y, r]) => ({ row: rows.get(code) || {}, x: (upright ? y : x) * k, y: (upright ? x : y) * k, r: Math.max(r * Math.min(k, 1), 2) }));
  const made = (n) => n.row.makes === "yes", ties = nodes.map(() => []);
  heads(chart, [{ label: `${options.home} makes it with advantage`, color: "var(--s1)" }, { label: "not", color: "var(--s3)", cls: "hollow" }, { label: "size: world trade", color: "var(--quiet)", cls: "plain" }]);
  const holder = width > chart.width ? html("div", { class: "scroller" }) : chart.root;
  if (holder !== chart.root) chart.root.append(holder);
  const node = canvas({ ...chart, root: holder }, width, Math.ceil(h * k));
  const lows = Math.min(...graph.links.map((l) => l[2])), span = Math.max(...graph.links.map((l) => l[2])) - lows || 1;
  for (const [a, b, phi] of graph.links) {
    const tie = svg("line", { x1: nodes[a].x.toFixed(1), y1: nodes[a].y.toFixed(1), x2: nodes[b].x.toFixed(1), y2: nodes[b].y.toFixed(1), class: "tie", style: `stroke-width:${(0.7 + ((phi - lows) / span) * 1.6).toFixed(2)}` });
    node.append(tie);
    ties[a].push({ tie, other: b, phi });
    ties[b].push({ tie, other: a, phi });
  }
  nodes.forEach((n) => {
    n.mark = svg("circle", { cx: n.x.toFixed(1), cy: n.y.toFixed(1), r: n.r.toFixed(1), class: made(n) ? "product made" : "product" });
    node.append(named(n.mark, n.row.product_name || ""));
  });
  nameDots(node, nodes.map((n) => ({ ...n, name: n.row.product_name || "" })).sort((a, b) => b.r - a.r), [0, 0, width, h * k],
    { most: many ? 36 : Infinity, size: many || upright ? 11 : 12, widest: upright ? 120 : 200 });
  const format = (name, v) => show(v, data.column(name).format);
  explore(chart, node, nodes.map((n, i) => ({
    box: [n.x - Math.max(n.r, 7), n.y - Math.max(n.r, 7), 2 * Math.max(n.r, 7), 2 * Math.max(n.r, 7)], cursor: [0, 0, 0, 0], place: [n.x, n.y],
    title: n.row.product_name, lit: [n.mark, ...ties[i].flatMap(({ tie, other }) => [tie, nodes[other].mark])],
    rows: [["Advantage (RCA)", `${n.row.rca === null ? "–" : n.row.rca.toFixed(2)}${made(n) ? ", makes it" : ""}`], ["World trade", format("world", n.row.world)], [`Exports of ${options.home}`, format("exports", n.row.exports)],
      ["Density", format("density", n.row.density)], ["Complexity (PCI)", n.row.pci === null ? "–" : n.row.pci.toFixed(2)],
      ...[...ties[i]].sort((a, b) => b.phi - a.phi).slice(0, 4).map(({ other, phi }) => ["Near", phi.toFixed(2), made(nodes[other]) ? "var(--s1)" : "var(--s3)", nodes[other].row.product_name])],
  })), toward);
}

// What home does not make: nearness against complexity, the size of a dot its dependence.
function drawScatter(chart) {
  const { options, data, width } = chart, names = JSON.parse(options.names), narrow = width < 560;
  const all = data.rows.filter((row) => row[options.x] !== null && row[options.y] !== null).sort(descending(options.score));
  if (!all.length) return chart.root.append(html("p", { class: "note" }, "No values to draw."));
  const reach = (key) => [Math.min(...all.map((row) => row[key])), Math.max(...all.map((row) => row[key]))];
  const widened = ([low, high]) => { const room = (high - low || Math.abs(high) || 1) * 0.07; return [low - room, high + room]; };
  // The names of what is nearest have room beside it.
  const [x0, far] = widened(reach(options.x)), x1 = far + (narrow ? 0 : (far - x0) * 0.16), [y0, y1] = widened(reach(options.y));
  const xs = ticksWithin(x0, x1, narrow ? 3 : 7), ys = ticksWithin(y0, y1, 6);
  const left = Math.max(...ys.values.map((v) => textWidth(tickLabel(v, "number", ys.step), 12))) + 12;
  const height = narrow ? 420 : Math.min(560, Math.round(width * 0.55)), top = 24, bottom = height - 46;
  const x = (v) => left + ((v - x0) / (x1 - x0)) * (width - left), y = (v) => bottom - ((v - y0) / (y1 - y0)) * (bottom - top);
  const best = Math.min(10, Math.ceil(all.length / 3)), most = largest(all, options.size);
  heads(chart, [{ label: `The ${best} highest scores`, color: "var(--s3)" }, { label: "others", color: "var(--s1)" }, most > 0 ? { label: "size: dependence on one supplier", color: "var(--quiet)", cls: "plain" } : { label: "dependence not known, or none", color: "var(--quiet)", cls: "plain" }]);
  const node = canvas(chart, width, height);
  ys.values.forEach((v) => node.append(line(left, y(v), width, y(v), Math.abs(v) < 1e-9 ? "baseline" : "grid"), text(left - 8, y(v) + 4, tickLabel(v, "number", ys.step), { class: "tick", "text-anchor": "end" })));
  xs.values.forEach((v) => node.append(line(x(v), top, x(v), bottom, "grid"), text(x(v), bottom + 18, tickLabel(v, "share", xs.step), { class: "tick", "text-anchor": "middle" })));
  node.append(line(left, bottom, width, bottom, "base"), text(0, 12, "↑ more complex (PCI)", { class: "head" }), text(width, height - 6, "nearer to what it makes (density) →", { class: "head", "text-anchor": "end" }));
  const dots = all.map((row, i) => ({ row, x: x(row[options.x]), y: y(row[options.y]), strong: i < best, name: row[options.label],
    r: row[options.size] > 0 ? 4 + (narrow ? 9 : 14) * Math.sqrt(row[options.size] / (most || 1)) : 4 }));
  // Codes of neighbours in words, as far as the tables of this chapter have them.
  const words = new Map([...document.querySelectorAll("#product-space table[data-finding], #product-reach table[data-finding]")]
    .flatMap((table) => readTable(table).rows).map((row) => [row.product, row.product_name]));
  const told = (near) => list(near).map((one) => one.split(" ")).map(([code, phi]) => `${fit(words.get(code) || code, 200, 11)} ${phi}`).join("; ");
  // The small over the large, so that none is hidden.
  [...dots].sort((a, b) => b.r - a.r).forEach((d) => {
    const color = d.strong ? "var(--s3)" : "var(--s1)";
    d.mark = svg("circle", { cx: d.x, cy: d.y, r: d.r, class: d.row[options.size] > 0 ? "bubble" : "bubble none", style: d.row[options.size] > 0 ? `fill:${color};stroke:${color}` : `stroke:${color}` });
    node.append(named(d.mark, d.name));
  });
  nameDots(node, dots, [left, top - 6, width, bottom - 2], { most: narrow ? 12 : 40, size: narrow ? 11 : 12, widest: narrow ? 120 : 190 });
  explore(chart, node, dots.map((d) => ({
    box: [d.x - Math.max(d.r, 7), d.y - Math.max(d.r, 7), 2 * Math.max(d.r, 7), 2 * Math.max(d.r, 7)], cursor: [0, 0, 0, 0], place: [d.x, d.y], title: d.name, lit: [d.mark],
    rows: [["Score", d.row.score === null ? "–" : d.row.score.toFixed(2)], ["Density", show(d.row.density, "share")], ["Complexity (PCI)", d.row.pci.toFixed(2)], ["Dependence", show(d.row.dependence, "share")],
      ...(d.row[options.who] ? [["Largest supplier", names[d.row[options.who]] || d.row[options.who], undefined, show(d.row.top_share, "share")]] : []),
      ...(d.row.built_on ? [["Built on", "", undefined, told(d.row.built_on)]] : []), ...(d.row.make_first ? [["First make", "", undefined, told(d.row.make_first)]] : [])],
  })), toward);
}

/* ---------- a plan ---------- */

const amount = (v) => (v === null ? "–" : Math.abs(v) >= 1000 ? grouped(v) : String(+v.toPrecision(4)));
const amountTick = (v, step) => (step >= 1 ? grouped(v) : tickLabel(v, "number", step));

// Programmes and levers over the years: the colour is who pays most, the shade the way of doing it.
function drawGantt(chart) {
  const { options, data } = chart, levels = options.levels ? options.levels.split("\n") : [];
  const hue = (level) => (levels.includes(level) ? HUES[levels.indexOf(level) % HUES.length] : "var(--s6)");
  const items = data.rows.filter((row) => row.start !== null).map((row) => ({ row, label: row.title, way: row.mode.split(" with ")[0] }));
  const ways = [...new Set(items.filter((item) => item.row.kind === "programme").map((item) => item.way))].sort((a, b) => (b === "normal") - (a === "normal"));
  const shade = (item) => (ways.length < 2 || !ways.includes(item.way) ? "shade1" : `shade${Math.min(ways.indexOf(item.way), 2)}`);
  const paid = levels.filter((level) => items.some((item) => item.row.pays_most === level));
  heads(chart, [{ label: "Paid most by", cls: "plain" }, ...paid.map((level) => ({ label: level, color: hue(level), cls: "box" })), items.some((item) => !item.row.pays_most) && { label: "nobody pays", color: hue(""), cls: "box" },
    ...(ways.length > 1 ? [{ label: "Done as", cls: "plain" }, ...ways.map((way, k) => ({ label: way, color: "var(--ink)", cls: `box shade${Math.min(k, 2)}` }))] : [])].filter(Boolean));
  for (const [kind, name] of [["programme", "Programmes"], ["lever", "Levers"]]) {
    const own = items.filter((item) => item.row.kind === kind);
    if (!own.length) continue;
    if (items.some((item) => item.row.kind !== "programme")) chart.root.append(html("h4", {}, name));
    ganttList(chart, own, items, hue, shade, `${chart.alt} ${name}.`);
  }
  if (!items.length) chart.root.append(html("p", { class: "note" }, "The plan starts nothing."));
  const others = data.rows.filter((row) => row.start === null);
  const verdict = (row) => (row.verdict && row.verdict !== "option" ? ` (${row.verdict})` : "");
  if (others.length) {
    const said = (kind) => others.filter((row) => row.kind === kind).map((row) => row.title + verdict(row)).join("; ");
    chart.root.append(html("p", { class: "maplist" }, html("b", {}, "Not started: "),
      [said("programme"), said("lever") && `levers: ${said("lever")}`].filter(Boolean).join("; "), "."));
  }
}

function ganttList(chart, items, all, hue, shade, alt) {
  const { options, data } = chart, names = JSON.parse(options.names), from = Number(options.from), years = Number(options.years);
  const cost = (item) => show(item.row.cost, data.column("cost").format);
  const end = Math.max(...all.map((item) => textWidth(cost(item), 13, 600))) + 12;
  const place = rows(chart, items, { end, top: 26, rowHeight: 30, basis: all });
  const width = (place.right - place.left) / years, x = (year) => place.left + (Math.min(year, from + years) - from) * width;
  const node = canvas(chart, chart.width, place.total + 2, alt);
  const every = [1, 2, 5, 10].find((n) => n * width >= 36) ?? 20;
  for (let t = 0; t <= years; t++) {
    node.append(line(x(from + t), 20, x(from + t), place.total, t ? "grid" : place.above ? "grid" : "base"),
      t < years && t % every === 0 && text(x(from + t) + width / 2, 12, String(from + t), { class: "tick", "text-anchor": "middle" }));
  }
  items.forEach((item, i) => {
    const { row } = item, y = place.middle(i), left = x(row.start), right = x(row.end), color = hue(row.pays_most), done = row.end < from + years;
    const lasting = row.kind === "programme" && done;
    node.append(place.label(i, item), svg("rect", { x: left, y: y - 8, width: Math.max(right - left - 1, 2), height: 16, class: "under" }),
      named(bar(left, y - 8, Math.max(right - left - 1, 2), 16, color, shade(item)), `${item.label}: ${row.start} to ${row.end}, ${cost(item)}`),
      lasting && svg("circle", { cx: right, cy: y, r: 4, class: "halo", style: `fill:${color}` }),
      text(chart.width, y + 4.5, cost(item), { class: "value", "text-anchor": "end" }));
    if (!lasting) return;
    // What it adds from then on, where there is room.
    const room = place.right - right - 14, adds = room > 50 ? fit(ganttAdds(row, names), room, 12) : "", after = right + (adds ? textWidth(adds, 12) + 16 : 6);
    node.append(adds && text(right + 10, y + 4, adds, { class: "quiet" }), after < place.right && svg("line", { x1: after, x2: place.right, y1: y, y2: y, class: "lasting", style: `stroke:${color}` }));
  });
  explore(chart, node, items.map((item, i) => ({
    box: place.box(i), title: item.label,
    rows: [["From", String(item.row.start)], [item.row.kind === "lever" ? "Ends" : "Delivers in", item.row.end < from + years ? String(item.row.end) : `${item.row.end}, after the years planned`],
      ...(item.row.mode ? [["Way", item.row.mode]] : []), ["Cost", cost(item)], ...(item.row.payers ? [["Paid by", item.row.payers, hue(item.row.pays_most)]] : []),
      ...(item.row.delivers ? [["Adds a year", ganttAdds(item.row, names)]] : []), ...(item.row.verdict ? [["Verdict", item.row.verdict]] : [])],
  })));
}

const ganttAdds = (row, names) => row.delivers.split("; ").filter(Boolean).map((one) => one.split(": ")).map(([input, units]) => `${names[input] || input} +${units}`).join("; ");

// Panels side by side, each with a scale of its own: how many, how wide, and where each stands.
function panels(chart, count, { least, high, head, foot, gutter }) {
  const gap = 24, most = Math.max(1, Math.min(4, Math.floor((chart.width + gap) / (least + gap)))), across = Math.ceil(count / Math.ceil(count / most));
  const wide = (chart.width + gap) / across - gap;
  return { height: Math.ceil(count / across) * (head + high + foot), wide: wide - gutter, across,
    at: (i) => ({ left: (i % across) * (wide + gap) + gutter, top: Math.floor(i / across) * (head + high + foot) + head, row: Math.floor(i / across), col: i % across }) };
}

// Years under a panel's columns, as many as there is room for.
function yearTicks(node, years, x, bottom, width) {
  const every = [1, 2, 5, 10].find((n) => n * width >= 34) ?? 20;
  years.forEach((year, t) => t % every === 0 && node.append(text(x(t) + width / 2, bottom + 16, String(year), { class: "tick small", "text-anchor": "middle" })));
}

function drawMeans(chart) {
  const { options, data } = chart, names = JSON.parse(options.names);
  const facets = new Map();
  for (const row of data.rows) {
    const key = `${row[options.kind_of]} ${row[options.facet]}`;
    if (!facets.has(key)) facets.set(key, { label: names[row[options.facet]] || row[options.facet], money: row[options.kind_of] === "money", rows: [] });
    facets.get(key).rows.push(row);
  }
  const all = (row) => (row[options.limit_of] ?? 0) + (row[options.carried] ?? 0), full = (row) => all(row) > 0 && row[options.used] > 0.995 * all(row);
  heads(chart, [{ label: "Taken", color: "var(--s1)", cls: "box" }, { label: "All that there is is taken", color: "var(--s3)", cls: "box" }, { label: "There is", color: "var(--ink)", cls: "path" },
    data.rows.some((row) => row[options.carried] > 0) && { label: "with what is carried over", color: "var(--ink)", cls: "path dashed" }].filter(Boolean));
  // What is carried over may grow far beyond what a year has: then its marks leave the panel, so that the bars are seen.
  const reach = (facet) => { const own = largest(facet.rows, options.used, options.limit_of), most = Math.max(own, ...facet.rows.map(all)); return most > 2.5 * own ? own * 1.5 : most; };
  const gutter = Math.max(...[...facets.values()].map((facet) => textWidth(amount(ticksTo(reach(facet), 4).max), 12))) + 12;
  const high = chart.printing ? 110 : 130, grid = panels(chart, facets.size, { least: chart.printing ? 190 : 230, high, head: 34, foot: 34, gutter });
  const node = canvas(chart, chart.width, grid.height), targets = [];
  [...facets.values()].forEach((facet, i) => {
    const { left, top, row, col } = grid.at(i), bottom = top + high, width = grid.wide / facet.rows.length;
    const ticks = ticksTo(reach(facet), 4), y = scale(ticks.max, bottom, top), x = (t) => left + t * width;
    node.append(text(left, top - 16, fit(facet.label, grid.wide - 90, 13, 600), { class: "strong" }), text(left + grid.wide, top - 16, facet.money ? "million USD" : "people", { class: "quiet", "text-anchor": "end" }));
    ticks.values.forEach((v) => node.append(line(left, y(v), left + grid.wide, y(v), v ? "grid" : "base"), text(left - 8, y(v) + 4, amountTick(v, ticks.step), { class: "tick", "text-anchor": "end" })));
    yearTicks(node, facet.rows.map((r) => r[options.x]), x, bottom, width);
    facet.rows.forEach((r, t) => {
      const inner = Math.max(width - 6, 2), used = r[options.used] ?? 0, carried = r[options.carried] ?? 0;
      if (used > 0) node.append(named(svg("rect", { x: x(t) + 3, y: y(used), width: inner, height: Math.max(bottom - y(used), 0.75), style: `fill:var(${full(r) ? "--s3" : "--s1"})` }), `${facet.label}, ${r[options.x]}: ${amount(used)} of ${amount(all(r))}`));
      node.append(line(x(t) + 1, y(r[options.limit_of] ?? 0), x(t) + width - 1, y(r[options.limit_of] ?? 0), "limit"), carried > 0 && all(r) <= ticks.max && line(x(t) + 1, y(all(r)), x(t) + width - 1, y(all(r)), "limit dashed"));
      targets.push({ box: [x(t), top, width, high], row, col: col * 100 + t, title: `${facet.label}, ${r[options.x]}`,
        rows: [["Taken", amount(r[options.used]), `var(${full(r) ? "--s3" : "--s1"})`], ["There is", amount(r[options.limit_of])], ...(carried > 0 ? [["Carried over", amount(carried)]] : []), ["Share taken", show(r.share, "share")]] });
    });
  });
  explore(chart, node, walked(targets));
}

// Columns counted from left to right through the panels of a row, for the arrow keys.
function walked(targets) {
  const rows = new Map();
  [...targets].sort((a, b) => a.col - b.col).forEach((t) => { const next = rows.get(t.row) ?? 0; t.col = next; rows.set(t.row, next + 1); });
  return targets;
}

// A level line that must show on any colour.
const rimmed = (from, y, to, cls) => [line(from, y, to, y, "under"), line(from, y, to, y, cls)];

const PARTS = [["made", "Home", "var(--s1)"], ["imported", "Imports", "var(--s4)", "shade0"], ["reserve", "Reserve", "var(--s5)"], ["unmet", "Unmet", "var(--s3)"]];

function drawSupply(chart) {
  const { options, data, state } = chart, told = JSON.parse(options.inputs);
  const cases = [...new Set(data.rows.map((row) => row.case))];
  // What hurts most with the plan is shown first.
  const harm = (name) => data.rows.reduce((sum, row) => sum + (row.case === name && row.plan === "plan" && row.demand > 0 ? (row.unmet ?? 0) / row.demand : 0), 0);
  const chosen = cases.includes(state.case) ? state.case : [...cases].sort((a, b) => harm(b) - harm(a) || (b === "worst attack") - (a === "worst attack"))[0];
  const plan = state.plan || "plan", title = (name) => (name === "nothing" ? "nothing happens" : name), worded = { plan: "With the plan", none: "Without it" };
  const select = html("select", {}, cases.map((name) => html("option", { value: name, selected: name === chosen ? "" : null }, title(name))));
  select.addEventListener("change", () => { state.case = select.value; draw(chart); chart.root.querySelector("select").focus({ preventScroll: true }); });
  const buttons = Object.entries(worded).map(([key, label]) => {
    const button = html("button", { type: "button", "aria-pressed": String(key === plan), "data-plan": key }, label);
    button.addEventListener("click", () => { state.plan = key; draw(chart); chart.root.querySelector(`[data-plan=${key}]`).focus({ preventScroll: true }); });
    return button;
  });
  chart.root.append(html("div", { class: "heatbar" }, html("label", { class: "choice" }, "Case ", select), html("div", { class: "segmented", role: "group", "aria-label": "With the plan or without" }, buttons)),
    html("h4", { class: "printed" }, `${worded[plan]}: ${title(chosen)}`));
  heads(chart, [...PARTS.map(([key, label, color, cls]) => ({ label, color, cls: key === "unmet" ? "box capacity" : `box ${cls || ""}` })), { label: "Self-reliance", color: "var(--ink)", cls: "path" },
    Object.values(told).some((input) => input.target) && { label: "Target", color: "var(--s7)", cls: "path dashed" }].filter(Boolean));
  const facets = new Map();
  for (const row of data.rows.filter((r) => r.case === chosen && r.plan === plan)) {
    if (!facets.has(row.input)) facets.set(row.input, []);
    facets.get(row.input).push(row);
  }
  const high = 120, grid = panels(chart, facets.size, { least: 200, high, head: 34, foot: 34, gutter: 44 });
  const node = canvas(chart, chart.width, grid.height, `${chart.alt} ${worded[plan]}: ${title(chosen)}.`), targets = [];
  node.append(hatch(`${chart.id}-hatch`, "var(--s3)"));
  [...facets].forEach(([input, years], i) => {
    const { left, top, row, col } = grid.at(i), bottom = top + high, width = grid.wide / years.length, y = scale(1, bottom, top), x = (t) => left + t * width;
    const { title: name = input, unit = "", target } = told[input] || {};
    node.append(text(left, top - 16, fit(name, grid.wide, 13, 600), { class: "strong" }));
    [0, 0.5, 1].forEach((v) => node.append(line(left, y(v), left + grid.wide, y(v), v ? "grid" : "base"), text(left - 8, y(v) + 4, tickLabel(v, "share", 0.5), { class: "tick", "text-anchor": "end" })));
    yearTicks(node, years.map((r) => r.year), x, bottom, width);
    years.forEach((r, t) => {
      let sum = 0;
      for (const [key, label, color, cls] of PARTS) {
        const share = r.demand > 0 ? length(r[key]) / r.demand : 0;
        if (share > 0) node.append(named(svg("rect", { x: x(t) + 1.5, y: y(sum + share), width: Math.max(width - 3, 1), height: y(sum) - y(sum + share), class: cls, style: `fill:${key === "unmet" ? `url(#${chart.id}-hatch)` : color}` }), `${name}, ${r.year}, ${label}: ${show(share, "share")}`));
        sum += share;
      }
      if (r.self_reliance !== null) node.append(...rimmed(x(t), y(r.self_reliance), x(t) + width, "limit"));
      targets.push({ box: [x(t), top, width, high], row, col: col * 100 + t, title: `${name}, ${r.year}`,
        rows: [["Demand", `${amount(r.demand)} ${unit}`], ...PARTS.map(([key, label, color]) => [label, amount(r[key]), color]), ["Self-reliance", show(r.self_reliance, "share")], ...(target && r.year >= target[1] ? [["Target", show(target[0], "share")]] : [])] });
    });
    const since = target ? years.findIndex((r) => r.year >= target[1]) : -1;
    if (since >= 0) node.append(...rimmed(x(since), y(target[0]), left + grid.wide, "target"));
  });
  explore(chart, node, walked(targets), undefined, state);
}

// Two bars for every attack: what it costs without the plan and with it.
function drawAttacks(chart) {
  const { options, data } = chart, says = JSON.parse(options.says), format = data.column("before").format;
  const kinds = { "worst without the plan": "the worst without the plan", "worst against the plan": "the worst against the plan", "single move": "one move" };
  // The same moves may be the worst both without the plan and against it.
  const [first, second] = data.rows, same = second && first.moves === second.moves;
  const listed = data.rows.filter((row) => !(same && row === second)).map((row) => ({ row, label: row.moves || "no move", sub: (kinds[row.attack] || row.attack) + (same && row === first ? ", and against it" : "") }));
  const items = limited(chart, listed, "attacks");
  const colors = { before: "var(--s6)", after: "var(--s3)" };
  heads(chart, [{ label: "Without the plan", color: colors.before, cls: "box" }, { label: "With it", color: colors.after, cls: "box" }]);
  const caption = (item) => `${show(item.row.before, format)} → ${show(item.row.after, format)}`;
  const end = Math.min(Math.max(...items.map((item) => textWidth(caption(item), 12, 500))) + 10, chart.width * 0.5);
  const place = rows(chart, items, { end }), x = scale(largest(items.map((item) => item.row), "before", "after"), place.left, place.right);
  const node = canvas(chart, chart.width, place.total + 2);
  if (!place.above) node.append(line(place.left, 0, place.left, place.total, "base"));
  items.forEach((item, i) => {
    const y = place.middle(i) + (place.above ? 5 : 0), { before, after } = item.row;
    node.append(place.label(i, item), before > 0 && bar(place.left, y - 11, x(before) - place.left, 10, colors.before), after > 0 && bar(place.left, y, x(after) - place.left, 10, colors.after),
      text(x(Math.max(length(before), length(after))) + 6, y + 3.5, caption(item), { class: "value small" }));
  });
  explore(chart, node, items.map((item, i) => ({
    box: place.box(i), title: item.label,
    rows: [["Without the plan", show(item.row.before, format), colors.before], ["With it", show(item.row.after, format), colors.after], ["Averted", show(item.row.averted, "share")],
      ["It costs them", amount(item.row.spent)], ["Sales they give up", show(item.row.own_loss, data.column("own_loss").format)],
      ...item.row.moves.split(" + ").filter((move) => says[move]).slice(0, 4).map((move) => [move, "", undefined, says[move]])],
  })));
}

const VERDICTS = { "must-have": "var(--s3)", option: "var(--s4)", never: "var(--s6)" };

function drawRegret(chart) {
  const { data } = chart, format = data.column("regret").format;
  const all = data.rows.map((row) => ({ row, label: row.title, value: row.regret, funded: row.start !== null,
    // Paper has less room: the colour says the verdict.
    sub: chart.printing ? "" : [row.kind === "lever" && "lever", row.verdict || "not reached in time"].filter(Boolean).join(", ") }));
  heads(chart, Object.entries(VERDICTS).filter(([word]) => all.some((item) => item.row.verdict === word)).map(([word, color]) => ({ label: word, color, cls: "box" })));
  const caption = (item) => (item.value !== null ? show(item.value, format) : item.row.verdict === "must-have" ? "no plan without it" : item.row.verdict === "never" ? "no plan with it" : "not known");
  const end = Math.max(...all.map((item) => textWidth(caption(item), 13, 600))) + 8, most = largest(all, "value");
  for (const [funded, title] of [[true, "Funded: what the best plan without it costs more"], [false, "Not funded: what the best plan with it costs more"]]) {
    const items = all.filter((item) => item.funded === funded).sort((a, b) => (b.value ?? Infinity) - (a.value ?? Infinity) || 0);
    if (!items.length) continue;
    chart.root.append(html("h4", {}, title));
    const place = rows(chart, items, { end, basis: all, rowHeight: 24 }), x = scale(most, place.left, place.right), node = canvas(chart, chart.width, place.total + 2, `${chart.alt} ${title}.`);
    if (!place.above) node.append(line(place.left, 0, place.left, place.total, "base"));
    items.forEach((item, i) => {
      const y = place.middle(i), least = item.row.regret_least;
      node.append(place.label(i, item), item.value > 0 && named(bar(place.left, y - 8, x(item.value) - place.left, 16, VERDICTS[item.row.verdict] || "var(--s6)"), `${item.label}: ${caption(item)}`),
        least > 0 && item.value > least * 1.01 && line(x(least), y - 11, x(least), y + 11, "limit"),
        text(x(length(item.value)) + 6, y + 4.5, caption(item), { class: "value" }));
    });
    explore(chart, node, items.map((item, i) => ({
      box: place.box(i), title: item.label, rows: [["Verdict", item.row.verdict || "not reached in time", VERDICTS[item.row.verdict]], [funded ? "Without it" : "With it", caption(item)], ["Proven at least", show(item.row.regret_least, format)]],
    })));
  }
}

/* ---------- drawing, redrawing, printing ---------- */

const KINDS = { line: drawLine, stack: drawStack, bars: drawBars, pairs: drawPairs, heatmap: drawHeatmap, dumbbell: drawDumbbell, dots: drawDots, intervals: drawIntervals,
  paths: drawPaths, calendar: drawCalendar, chain: drawChain, coalitions: drawCoalitions, reach: drawReach, minerals: drawMinerals, map: drawMap,
  products: drawProducts, space: drawSpace, scatter: drawScatter,
  gantt: drawGantt, means: drawMeans, supply: drawSupply, attacks: drawAttacks, regret: drawRegret };

function draw(chart, width) {
  chart.printing = width !== undefined;
  chart.width = Math.max(280, Math.floor(width ?? chart.holder.clientWidth));
  chart.after = [];
  const height = chart.holder.offsetHeight;
  chart.holder.style.minHeight = `${height}px`;   // keep the page still while the chart is replaced
  chart.root = html("div", { class: "plot" });
  chart.holder.replaceChildren(chart.root);
  KINDS[chart.kind](chart);
  chart.root.append(...chart.after);
  chart.holder.style.minHeight = "";
}

function prepare(figure) {
  const data = readTable(figure.querySelector("table[data-finding]"));
  const holder = figure.querySelector(".chart");
  const chart = {
    id: figure.id, kind: figure.dataset.kind, holder, data, alt: holder.dataset.alt, options: {}, state: {},
    series: [...holder.querySelectorAll(".series li")].map((li) => ({ column: li.dataset.column, label: li.textContent })),
    windows: [...holder.querySelectorAll(".windows li")].map((li) => ({
      from: Number(li.dataset.from) || 0, until: li.dataset.until ? Number(li.dataset.until) : Infinity, label: li.textContent,
    })),
  };
  const compare = holder.querySelector(".compare");
  if (compare) chart.compare = { column: compare.dataset.column, labels: [...compare.children].map((li) => li.textContent) };
  for (const { name, value } of holder.attributes) {
    if (name.startsWith("data-")) chart.options[name.slice(5)] = value;
  }
  offerCsv(figure, data);
  if (chart.kind === "list") figure.querySelector("details.data").open = false;   // too long to stand open
  if (!KINDS[chart.kind] || !data.rows.length) { holder.remove(); return null; }
  figure.querySelector("details.data").open = false;
  return chart;
}

function themeButton() {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const now = () => root.dataset.theme || (dark.matches ? "dark" : "light");
  try { const kept = localStorage.getItem("zili-theme"); if (kept) root.dataset.theme = kept; } catch { /* no storage: follow the system */ }
  const button = html("button", { type: "button", class: "theme" });
  const name = () => { button.textContent = now() === "dark" ? "Light theme" : "Dark theme"; };
  button.addEventListener("click", () => {
    root.dataset.theme = now() === "dark" ? "light" : "dark";
    try { localStorage.setItem("zili-theme", root.dataset.theme); } catch { /* as above */ }
    name();
  });
  dark.addEventListener("change", name);
  name();
  document.querySelector(".mast-line").append(button);
}

function followContents() {
  const links = new Map([...document.querySelectorAll(".toc a")].map((a) => [a.hash.slice(1), a]));
  const seen = new Set();
  const watch = new IntersectionObserver((entries) => {
    entries.forEach((e) => (e.isIntersecting ? seen.add(e.target.id) : seen.delete(e.target.id)));
    const current = [...links.keys()].find((id) => seen.has(id));
    if (current) links.forEach((a, id) => (id === current ? a.setAttribute("aria-current", "true") : a.removeAttribute("aria-current")));
  }, { rootMargin: "-15% 0px -70% 0px" });
  links.forEach((_, id) => { const section = document.getElementById(id); if (section) watch.observe(section); });
}

function start() {
  themeButton();
  followContents();
  const charts = [...document.querySelectorAll("figure.figure")].map(prepare).filter(Boolean);
  const drawAll = (width) => charts.forEach((chart) => draw(chart, width));
  drawAll();
  let timer, width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;   // a phone's address bar changes the height only
    width = innerWidth;
    clearTimeout(timer);
    timer = setTimeout(() => drawAll(), 120);
  });
  addEventListener("beforeprint", () => drawAll(PRINT_WIDTH));
  addEventListener("afterprint", () => drawAll());
}

start();
})();
