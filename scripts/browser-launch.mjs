/** How every test and benchmark starts Chromium: the same executable, the same switches. */
import { ensureBrowser } from './find-browser.mjs';

/** No background traffic, and WebGPU on the processor (SwiftShader) where there is no GPU. */
const SWITCHES = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  // Else Chromium rates the device with a service of its own, minutes after its start.
  '--optimization-guide-performance-class=1',
  '--disable-sync',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];

/**
 * Launch options for Playwright.
 * @returns {{ executablePath: string, args: string[] }}
 */
export function browserLaunch() {
  // Chromium's sandbox refuses to run as root, which is what containers run as.
  const args = process.getuid?.() === 0 ? ['--no-sandbox', ...SWITCHES] : [...SWITCHES];
  return { executablePath: ensureBrowser(), args };
}
