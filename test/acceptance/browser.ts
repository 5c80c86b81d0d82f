import puppeteer, { type Browser } from 'puppeteer-core';

/** Debian's Chromium without its background traffic; root needs --no-sandbox. */
export const openBrowser = (): Promise<Browser> =>
  puppeteer.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--mute-audio'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      '--autoplay-policy=no-user-gesture-required',
    ],
  });

export interface Playback {
  source: string;
  decodedFrames: number;
  currentTime: number;
}

/** Waits in the page until some video plays and has decoded `frames` frames. */
export async function watchFeed(browser: Browser, url: string, frames: number, screenshot?: string): Promise<Playback> {
  const page = await browser.newPage();
  try {
    await page.setViewport({ width: 420, height: 800 });
    await page.goto(url, { waitUntil: 'domcontentloaded', timeout: 20_000 });
    const handle = await page.waitForFunction(
      (minimum) => {
        for (const video of document.querySelectorAll('video')) {
          const decodedFrames = video.getVideoPlaybackQuality().totalVideoFrames;
          const plays = !video.paused && video.readyState >= 3;
          if (plays && decodedFrames >= minimum)
            return { source: video.currentSrc, decodedFrames, currentTime: video.currentTime };
        }
        return undefined;
      },
      { timeout: 30_000, polling: 250 },
      frames,
    );
    if (screenshot) await page.screenshot({ path: screenshot as `${string}.png` });
    return (await handle.jsonValue()) as Playback;
  } finally {
    await page.close();
  }
}
