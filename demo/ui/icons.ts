/** Line icons on a 24-unit grid; they take the colour and size of their place, and say nothing. */
import { svg, type SVGTemplateResult, type TemplateResult, html } from 'lit';

function icon(paths: SVGTemplateResult): TemplateResult {
  return html`<svg
    class="icon"
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.75"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${paths}
  </svg>`;
}

export const searchIcon = icon(svg`<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>`);
export const pictureIcon = icon(
  svg`<path d="M20 12v5.5A2.5 2.5 0 0 1 17.5 20h-11A2.5 2.5 0 0 1 4 17.500v-11A2.5 2.5 0 0 1 6.5 4H12"/><path d="m4.5 17 4.2-4.200a1.6 1.6 0 0 1 2.3 0L18 19.5"/><circle cx="18" cy="6" r="2.6"/><path d="m20 8 1.8 1.8"/>`,
);
export const addIcon = icon(svg`<path d="M12 5v14M5 12h14"/>`);
export const folderIcon = icon(
  svg`<path d="M3.5 7A2 2 0 0 1 5.5 5h3.700l2.3 2.500h7a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2z"/>`,
);
export const closeIcon = icon(svg`<path d="m6.5 6.5 11 11m0-11-11 11"/>`);
export const trashIcon = icon(
  svg`<path d="M4.5 7h15M10 4h4M6.5 7l.8 11.200A2 2 0 0 0 9.3 20h5.400a2 2 0 0 0 2-1.800L17.5 7M10.2 11v5M13.8 11v5"/>`,
);
export const alikeIcon = icon(
  svg`<rect x="3.5" y="3.5" width="12" height="12" rx="2.5"/><path d="M19 8.500a2 2 0 0 1 1.5 2V18a2.5 2.5 0 0 1-2.5 2.500h-7.500a2 2 0 0 1-2-1.5"/>`,
);
export const pauseIcon = icon(svg`<path d="M9 6v12M15 6v12"/>`);
export const playIcon = icon(svg`<path d="M8 5.800v12.400l10-6.200z"/>`);
export const lockIcon = icon(
  svg`<rect x="5" y="10.5" width="14" height="9.5" rx="2.5"/><path d="M8.2 10.500V8a3.8 3.8 0 0 1 7.6 0v2.5"/>`,
);
export const alertIcon = icon(
  svg`<path d="M12 4.5 21 19.500H3z"/><path d="M12 10.500v4M12 17v.1"/>`,
);
export const doneIcon = icon(svg`<path d="m5 12.5 4.7 4.700L19.5 7.5"/>`);
export const beforeIcon = icon(svg`<path d="m14.5 5.5-6.5 6.5 6.5 6.5"/>`);
export const afterIcon = icon(svg`<path d="m9.5 5.5 6.5 6.5-6.5 6.5"/>`);

/** Two speech bubbles, one of them a photo: the mark. */
export const mark = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
  <path
    fill="var(--accent)"
    d="M8 3h16a5 5 0 0 1 5 5v12a5 5 0 0 1-5 5h-9.500L9 29.700c-.7.5-1.5 0-1.5-.8V25A5 5 0 0 1 3 20V8a5 5 0 0 1 5-5z"
  />
  <circle cx="21.5" cy="9.5" r="2.5" fill="var(--paper)" />
  <path
    fill="var(--paper)"
    d="m6.5 20.5 6-7.500c.7-.9 1.9-.9 2.6 0l3.4 4.3 1.7-2c.7-.8 1.8-.8 2.5 0l3.3 4.200c.5.6 0 1.5-.8 1.500H7.200c-.8 0-1.2-.1-.7-.5z"
  />
</svg>`;
