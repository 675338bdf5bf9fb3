/**
 * Sizes of dimensions, known or symbolic. A symbolic size is a product in canonical form, such as `4*batch*time`, so
 * that flattening and unflattening by Reshape gives back the size that it started from. Symbols that start with `?`
 * were made up for a size of which nothing is known; each stands for one unknown number.
 */

/** A size: a number, or a product of symbols. Equal strings are equal sizes. */
export type Size = number | string;

interface Monomial {
  readonly factor: number;
  readonly symbols: readonly string[];
}

function parse(size: Size): Monomial {
  if (typeof size === 'number') return { factor: size, symbols: [] };
  const parts = size.split('*');
  const numeric = /^\d+$/.test(parts[0]);
  return { factor: numeric ? Number(parts[0]) : 1, symbols: numeric ? parts.slice(1) : parts };
}

function format({ factor, symbols }: Monomial): Size {
  if (symbols.length === 0 || factor === 0) return factor;
  const sorted = [...symbols].sort();
  return (factor === 1 ? sorted : [String(factor), ...sorted]).join('*');
}

/** The product of `sizes`; 1 for none. */
export function product(sizes: readonly Size[]): Size {
  const parts = sizes.map(parse);
  return format({
    factor: parts.reduce((factor, part) => factor * part.factor, 1),
    symbols: parts.flatMap((part) => part.symbols),
  });
}

/** `size` over `divisor` where that is a whole number for all values of the symbols; otherwise null. */
export function quotient(size: Size, divisor: Size): Size | null {
  const above = parse(size);
  const below = parse(divisor);
  if (below.factor === 0 || above.factor % below.factor !== 0) return null;
  const symbols = [...above.symbols];
  for (const symbol of below.symbols) {
    const at = symbols.indexOf(symbol);
    if (at < 0) return null;
    symbols.splice(at, 1);
  }
  return format({ factor: above.factor / below.factor, symbols });
}

/** Whether a symbol may stand in products: a plain identifier, so that `a+b` is not taken for a factor. */
export function isSimpleSymbol(symbol: string): boolean {
  return /^[A-Za-z_][\w.]*$/.test(symbol);
}
