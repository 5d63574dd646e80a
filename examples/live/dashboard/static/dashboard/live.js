/* A row for each sensor; the browser connects again by itself when the server goes away. */
const rows = new Map();

new EventSource('/stream/').onmessage = ({ data }) => {
  const { sensor, value } = JSON.parse(data);
  let row = rows.get(sensor);
  if (!row) {
    row = document.querySelector('tbody').insertRow();
    for (let cell = 0; cell < 3; cell++) row.insertCell();
    row.cells[0].textContent = sensor;
    rows.set(sensor, row);
  }
  row.cells[1].textContent = value;
  row.cells[2].textContent = Number(row.cells[2].textContent) + 1;
};
