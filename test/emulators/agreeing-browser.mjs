#!/usr/bin/env node
// Stands for a person's browser: goes to the address it is given, and where that sends it.
const page = await fetch(process.argv[2]);
await page.text();
