"use strict";
// Draws each chart from the specification next to it. Data are the rows of its table.
(() => {
  const root = document.documentElement;
  const read = (id) => JSON.parse(document.getElementById(id).textContent);

  // Tables are stored as columns and rows, to be small; Vega-Lite wants an object per row.
  const asObjects = ({ columns, rows }) =>
    rows.map((row) => Object.fromEntries(columns.map((name, place) => [name, row[place]])));

  const draw = async (element) => {
    const { spec, data, only, shapes } = read(`${element.id}-spec`);
    spec.config = read("chart-config");
    spec.data ??= { name: "rows" };
    spec.datasets = {
      rows: asObjects(read(data)).filter((row) => !only || String(row[only[0]]) === only[1]),
    };
    if (shapes) spec.datasets.shapes = read(shapes);
    await vegaEmbed(element, spec, {
      mode: "vega-lite",
      actions: false,
      ast: true,
      defaultStyle: false,
      // Vega-Lite warns wherever the height follows the number of bars; that is wanted here.
      logLevel: vega.Error,
      renderer: "svg",
      tooltip: { disableDefaultStyle: true },
    });
  };

  const elements = [...document.querySelectorAll(".drawing")];
  const drawings = elements.map((element) =>
    draw(element).catch((error) => {
      element.textContent = "This chart could not be drawn. The table below holds its numbers.";
      console.error(`${element.id}: ${error.message}`);
      throw error;
    })
  );
  Promise.allSettled(drawings).then((results) => {
    const done = results.filter((result) => result.status === "fulfilled").length;
    root.dataset.drawn = `${done} of ${results.length}`;
  });

  // A closed table would be missing on paper.
  const closed = [];
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details:not([open])")) {
      details.open = true;
      closed.push(details);
    }
  });
  window.addEventListener("afterprint", () => {
    while (closed.length) closed.pop().open = false;
  });
})();
