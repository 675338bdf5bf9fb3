/** The tables of a benchmark: measured rows with their intervals, baselines, and published rows. */
import { Scroller } from '../components/Scroller';
import { type Figure, figureText, type FigureTable, intervalText } from './figures';

export function FigureTables({ tables }: { readonly tables: readonly FigureTable[] }) {
  return tables.map((table) => <FiguresTable key={table.title} table={table} />);
}

function FiguresTable({ table: { title, columns, rows } }: { readonly table: FigureTable }) {
  return (
    <section className="results-section" aria-label={title}>
      <h3>{title}</h3>
      <Scroller className="results-scroll" label={`Table: ${title}`}>
        <table className="results-table">
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col">Origin</th>
              <th scope="col" className="numeric">
                Overall
              </th>
              {columns.map((column) => (
                <th key={column.task} scope="col" className="numeric">
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, mark, baseline, overall, figures }, index) => (
              <tr key={index} data-own={mark === 'measured here' && !baseline}>
                <th scope="row">{name}</th>
                <td>
                  <span className="tag">{mark}</span>
                </td>
                <FigureCell figure={overall} />
                {columns.map(({ task }, at) => (
                  <FigureCell key={task} figure={figures[at]} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </section>
  );
}

function FigureCell({ figure }: { readonly figure: Figure | null }) {
  const interval = intervalText(figure);
  return (
    <td className="numeric">
      {figureText(figure)}
      {interval && <span className="results-interval">{interval}</span>}
    </td>
  );
}
