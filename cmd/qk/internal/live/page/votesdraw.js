// Draws the votes for the next word as bars, one group for each way to weigh the voters.

import { brief, percent } from './numbers.js';
import { measure, shorten } from './pen.js';

const line = 22;
const head = 24;
const most = 4; // bars of a group

function across(width, groups) {
  return width >= 230 * groups.length + 40 ? groups.length : 1;
}

const high = (group) => head + line * Math.max(1, Math.min(most, group.votes.length)) + 14;

// votesHeight is the room that the groups take.
export function votesHeight(width, groups) {
  if (groups.length === 0) return 0;
  if (across(width, groups) > 1) return Math.max(...groups.map(high));
  return groups.reduce((sum, group) => sum + high(group), 0);
}

function colourOf(name, palette) {
  if (name.startsWith('counted')) return palette.counted;
  if (name.startsWith('learned')) return palette.learned;
  return palette.faint;
}

// drawVotes draws the groups side by side, or below each other where there is no room.
// In a table there is nothing to add up, so shares stand alone.
export function drawVotes(pen, palette, left, top, width, groups, sums) {
  const side = across(width, groups);
  const wide = side > 1 ? (width - 28 * (side - 1)) / side : Math.min(width, 460);
  const texts = groups.flatMap((group) => group.votes.slice(0, most).map((vote) => vote.word));
  const wordRoom = Math.min(120, wide * 0.3, Math.max(24, ...texts.map((text) => measure(text, { size: 13, weight: 600 }))) + 2);
  let y = top;
  groups.forEach((group, k) => {
    const x = left + (side > 1 ? k * (wide + 28) : 0);
    drawGroup(pen, palette, x, y, wide, group, sums, wordRoom);
    if (side === 1) y += high(group);
  });
}

function drawGroup(pen, palette, x, y, wide, group, sums, words) {
  const colour = colourOf(group.name, palette);
  const title = shorten(group.note ? `${group.name} · ${group.note}` : group.name, wide, { size: 13, weight: 600 });
  pen.text(x, y + 14, title, { size: 13, weight: 600, fill: colour });
  const numbers = sums ? 118 : 58;
  const bar = wide - words - numbers - 14;
  group.votes.slice(0, most).forEach((vote, k) => {
    const at = y + head + line * k;
    const first = k === 0;
    pen.text(x + words, at + 14, shorten(vote.word, words, { size: 13, weight: 600 }), { size: 13, anchor: 'end', weight: first ? 600 : 400 });
    pen.rect(x + words + 8, at + 4, bar, 12, { fill: palette.grid, radius: 2 });
    if (vote.share > 0) pen.rect(x + words + 8, at + 4, Math.max(1.5, bar * vote.share), 12, { fill: colour, radius: 2 });
    const text = sums ? `${percent(vote.share)} (${brief(vote.sum)})` : percent(vote.share);
    pen.text(x + wide, at + 14, text, { size: 12, anchor: 'end', weight: first ? 600 : 400 });
  });
  if (group.votes.length === 0) pen.text(x, y + head + 14, 'no votes', { size: 12, fill: palette.faint });
}
