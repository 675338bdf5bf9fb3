/** The colours of the rooms, as linear RGB albedos: small palettes that go together. */
import * as exact from '../exact-math';
import type { Color } from './mesh-builder';

/** The linear albedo of an sRGB colour written '#rrggbb' (IEC 61966-2-1). */
export function color(hex: string): Color {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : exact.pow((value + 0.055) / 1.055, 2.4);
  };
  return [channel(1), channel(3), channel(5)];
}

/** `base` made lighter (factor > 1) or darker (factor < 1). */
export function shade(base: Color, factor: number): Color {
  return [Math.min(1, base[0] * factor), Math.min(1, base[1] * factor), Math.min(1, base[2] * factor)];
}

export const WOODS = ['#c69a6b', '#a87445', '#8a5a36', '#d9bc94', '#6b4430'].map(color);
export const PAINTS = ['#f2efe8', '#e4ded2', '#a9b7ad', '#8fa3b5', '#c9b79c', '#5d6c76'].map(color);
export const FABRICS = ['#7a8ca0', '#b5654a', '#6f8468', '#c8b79e', '#4d5a6b', '#a9858f', '#c79a3f', '#5b7f84'].map(
  color,
);
export const LINENS = ['#f4f0ea', '#e6edf2', '#efe3da', '#dfe6dc'].map(color);
export const SHADES = ['#f6e7c8', '#f3dcb4', '#efe9df', '#e8cfa9'].map(color);
export const LEAVES = ['#4f7d43', '#3f6b3d', '#6a944d', '#5b8a5f'].map(color);
export const POTS = ['#c46f4a', '#e8e2d8', '#57646e', '#b79b7a', '#3f4a4d'].map(color);
export const FLOWERS = ['#d9566a', '#f0b93e', '#f2e9ee', '#a06fc0', '#ef8456'].map(color);
export const CERAMICS = ['#f7f7f4', '#f3efe6', '#e9eff0'].map(color);
export const STEEL = color('#b9bec2');
export const DARK_STEEL = color('#5a5f64');
export const BLACK = color('#1d1f22');
export const SCREEN = color('#20303f');
export const WHITE = color('#f4f3ef');
export const BRASS = color('#c8a45c');
export const WATER = color('#cfe3ea');
