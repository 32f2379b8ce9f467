// Draws a chart from the table below it: the numbers are read from the cells, so that both always say the same.
// Without this file, or without the library, the table stays open and says it all.
const { Chart } = globalThis;
const TONES = { good: "success", bad: "danger", back: "warning", open: "info", first: "accent", second: "warning" };
const LINES = { first: [], second: [6, 4], good: [] };
const POINTS = { first: "circle", second: "rectRot", good: "circle" };
const drawn = [];

const colour = (name) => {
  const probe = document.createElement("span");
  probe.style.color = `var(--p-${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
};

// Stripes of a direction of its own for each series: colour is never the only difference.
function pattern(series) {
  const [size, ink] = [8, colour(TONES[series])];
  if (series === "good" || series === "first") return ink;
  const tile = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const pen = tile.getContext("2d");
  pen.strokeStyle = ink;
  pen.lineWidth = 2.5;
  pen.beginPath();
  const strokes = {
    bad: [
      [0, size, size, 0],
      [-2, 2, 2, -2],
      [size - 2, size + 2, size + 2, size - 2],
    ],
    back: [[0, size / 2, size, size / 2]],
    open: [[size / 2, 0, size / 2, size]],
    second: [
      [0, 0, size, size],
      [-2, size - 2, 2, size + 2],
      [size - 2, -2, size + 2, 2],
    ],
  };
  for (const [x, y, toX, toY] of strokes[series] ?? []) {
    pen.moveTo(x, y);
    pen.lineTo(toX, toY);
  }
  pen.stroke();
  return pen.createPattern(tile, "repeat");
}

function read(table) {
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  const number = (cell) => (cell.dataset.value === "" ? null : Number(cell.dataset.value));
  const series = heads
    .map((head, at) => ({ name: head.dataset.series, label: head.textContent.trim(), at }))
    .filter(({ name }) => name)
    .map((one) => ({ ...one, values: rows.map((row) => number(row.cells[one.at])) }));
  return { labels: rows.map((row) => row.cells[0].textContent.trim()), series };
}

const dataset = (kind, { name, label, values }) =>
  kind === "lines"
    ? {
        label,
        data: values,
        borderColor: colour(TONES[name]),
        backgroundColor: colour(TONES[name]),
        borderDash: LINES[name],
        pointStyle: POINTS[name],
        pointRadius: 5,
        spanGaps: true,
      }
    : { label, data: values, backgroundColor: pattern(name), borderColor: colour(TONES[name]), borderWidth: 1, maxBarThickness: 36 };

function settings(kind, data, unit) {
  const [ink, line] = [colour("ink-2"), colour("line")];
  const stacked = kind !== "lines";
  const across = kind === "bars";
  const ticks = { color: ink, precision: 0 };
  const values = { stacked, beginAtZero: true, grid: { color: line }, ticks, title: { display: Boolean(unit), text: unit, color: ink } };
  const names = { stacked, grid: { display: false }, ticks: { color: ink, autoSkip: !across } };
  return {
    type: kind === "lines" ? "line" : "bar",
    data: { labels: data.labels, datasets: data.series.map((one) => dataset(kind, one)) },
    options: {
      animation: false,
      maintainAspectRatio: false,
      indexAxis: across ? "y" : "x",
      interaction: { mode: "index", axis: across ? "y" : "x", intersect: false },
      scales: across ? { x: values, y: names } : { x: names, y: values },
      plugins: { legend: { position: "bottom", labels: { color: ink, usePointStyle: kind === "lines" } } },
    },
  };
}

function draw() {
  for (const chart of drawn.splice(0)) chart.destroy();
  for (const box of document.querySelectorAll("[data-chart]")) {
    const data = read(document.getElementById(box.dataset.table));
    box.hidden = false;
    drawn.push(new Chart(box.querySelector("canvas"), settings(box.dataset.chart, data, box.dataset.unit)));
  }
}

if (Chart) {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  draw();
  for (const box of document.querySelectorAll("[data-chart]")) {
    const numbers = document.getElementById(box.dataset.table).closest("details");
    if (numbers && document.getElementById(box.dataset.table).rows.length > 9) numbers.open = false;
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
