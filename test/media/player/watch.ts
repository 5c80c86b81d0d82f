import type { Browser } from 'puppeteer-core';

/** What a browser saw of one thing that it played. */
export interface Watched {
  width: number;
  height: number;
  durationSeconds: number;
  decodedFrames: number;
  errors: string[];
  /** Whether media came by parts, as a player that seeks asks for it. */
  cameByRange: boolean;
}

const patienceMs = 40_000;

interface Wanted {
  /** Of the player's page. */
  page: string;
  url: string;
  /** Of the variant in a master playlist, for example `720x1280`; a file is played without it. */
  size?: string;
  /** So many are decoded before the first of three seeks. */
  frames: number;
}

/** Has a browser play a file, or one variant of a master playlist, jump three times and go on after each. */
export async function watch(browser: Browser, { page: pageUrl, ...wanted }: Wanted): Promise<Watched> {
  const page = await browser.newPage();
  const parts: number[] = [];
  page.on('response', (response) => {
    if (/\.m(p4|4v)$/.test(new URL(response.url()).pathname)) parts.push(response.status());
  });
  try {
    await page.goto(pageUrl, { waitUntil: 'load' });
    page.setDefaultTimeout(patienceMs);
    const seen = await page.evaluate(
      (asked, ms) =>
        Promise.race([
          (window as unknown as PlayerWindow).watch(asked),
          new Promise<undefined>((resolve) => setTimeout(resolve, ms)),
        ]),
      wanted,
      patienceMs,
    );
    if (!seen) throw new Error(`${wanted.url} ${wanted.size ?? ''} did not play on within ${patienceMs / 1000} s`);
    return { ...seen, cameByRange: parts.length > 0 && parts.every((status) => status === 206) };
  } finally {
    await page.close();
  }
}

/** What player.js adds to its page. */
interface PlayerWindow {
  watch(wanted: Omit<Wanted, 'page'>): Promise<Omit<Watched, 'cameByRange'>>;
}
