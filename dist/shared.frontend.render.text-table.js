import { createRequire as bundleRequire } from 'node:module';
const require = bundleRequire(import.meta.url);
import {
  cut,
  textWidth
} from "./shared.frontend.render.text-width.js";
import {
  shortDigests
} from "./shared.frontend.render.format.js";
import {
  harmless
} from "./shared.frontend.output.foreign-text.js";

// src/report/report.ts
function renderDocument(report) {
  return `${JSON.stringify(report, void 0, 2)}
`;
}
function renderReport(items) {
  return `${JSON.stringify(items, void 0, 2)}
`;
}

// src/frontend/render/text-table.ts
var MIN_WIDTH = 40;
var MIN_NAME = 12;
var GAP = "  ";
function alignColumns(foreign) {
  const rows = foreign.map((row) => row.map(harmless));
  const widths = columnWidths(rows);
  return rows.map((row) => {
    const cells = row.map(
      (cell, column) => column === row.length - 1 ? cell : cell + " ".repeat((widths[column] ?? 0) - textWidth(cell))
    );
    return cells.join(GAP).trimEnd();
  });
}
function fitTable(table, lines, width, name) {
  let rows = table.map((row) => row.map(harmless));
  if (width === void 0) return alignColumns(rows);
  const limit = Math.max(width, MIN_WIDTH);
  const widths = columnWidths(rows);
  for (const column of widths.keys()) {
    if (totalWidth(widths) <= limit) return alignColumns(rows);
    rows = mapColumn(rows, column, shortDigests);
    widths[column] = columnWidths(rows)[column] ?? 0;
  }
  const excess = totalWidth(widths) - limit;
  if (excess <= 0) return alignColumns(rows);
  const room = name === void 0 ? 0 : (widths[name] ?? 0) - excess;
  if (name === void 0 || room < MIN_NAME) return fitLines(lines, width);
  return alignColumns(mapColumn(rows, name, (cell) => cut(cell, room)));
}
function alignFacts(facts, width) {
  const names = Math.max(0, ...facts.map(([name]) => textWidth(harmless(name))));
  return facts.flatMap(([name, value]) => {
    const safe = harmless(name);
    const padded = `${safe}${" ".repeat(names - textWidth(safe))}${GAP}`;
    return fitLine(`${padded}${value}`, width, names + GAP.length);
  });
}
function fitLines(lines, width) {
  return lines.flatMap((line) => fitLine(line, width));
}
function fitLine(foreign, width, hanging) {
  const line = harmless(foreign);
  if (width === void 0) return [line];
  const limit = Math.max(width, MIN_WIDTH);
  if (textWidth(line) <= limit) return [line];
  const short = shortDigests(line);
  if (textWidth(short) <= limit) return [short];
  const own = short.length - short.trimStart().length;
  const indent = " ".repeat(Math.min(hanging ?? own + 2, Math.floor(limit / 2)));
  const lines = [];
  let current = " ".repeat(Math.min(own, Math.floor(limit / 2)));
  let gap = "";
  for (const word of short.trimStart().split(" ")) {
    const room = limit - textWidth(current + gap);
    const cutHere = textWidth(indent + word) > limit && room >= MIN_NAME;
    if (textWidth(word) <= room || cutHere) current += gap + cut(word, room);
    else {
      if (gap !== "") lines.push(current);
      current = indent + cut(word, limit - textWidth(indent));
    }
    gap = " ";
  }
  return [...lines, current].map((one) => cut(harmless(one.trimEnd()), limit, 0));
}
function columnWidths(rows) {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  return Array.from(
    { length: columns },
    (_, column) => Math.max(0, ...rows.map((row) => textWidth(row[column] ?? "")))
  );
}
function totalWidth(widths) {
  return widths.reduce((sum, one) => sum + one, GAP.length * Math.max(0, widths.length - 1));
}
function mapColumn(rows, column, change) {
  return rows.map((row) => row.map((cell, index) => index === column ? change(cell) : cell));
}

export {
  renderDocument,
  renderReport,
  fitTable,
  alignFacts,
  fitLines,
  fitLine
};
