/**
 * The greatest common divisor of two whole numbers, 1 of nothing. What fits into a number is divided as one, many times as fast:
 * whole numbers up to 2^53 have exact remainders, and a remainder is all that is ever made of them here.
 */
export function divisorOf(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y > LARGEST) [x, y] = [y, x % y];
  if (y === 0n) return x === 0n ? 1n : x;
  let [left, right] = [Number(y), Number(x % y)];
  while (right > 0) [left, right] = [right, left % right];
  return BigInt(left);
}

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);
