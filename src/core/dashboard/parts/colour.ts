/**
 * A colour of tokens.css as it is now, for what is drawn on a canvas: `rgb(…)`.
 *
 * @param name `--running`
 * @param alpha how much of it is seen, from 0 to 1
 */
export function colour(name: string, alpha = 1): string {
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  document.documentElement.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return alpha === 1 ? color : color.replace('rgb(', 'rgba(').replace(')', `, ${alpha})`);
}
