// Runs a GGUF file with llama.cpp through node-llama-cpp and prints what our engine is compared with, as JSON.
// node llama.mjs <folder with node_modules> <model.gguf> <prompt tokens, comma separated> <tokens to generate>
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";

const [folder, modelPath, list, count] = process.argv.slice(2);
const {getLlama} = await import(pathToFileURL(createRequire(folder + "/").resolve("node-llama-cpp")).href);
const prompt = list.split(",").map(Number);
const llama = await getLlama({gpu: false, build: "never", logLevel: "error"});
const model = await llama.loadModel({modelPath});
const seconds = () => Number(process.hrtime.bigint()) / 1e9;
const result = {tokens: [], prefill: {}, decode: {}};

for (const threads of [1, 2]) {
  const context = await model.createContext({contextSize: 1024, batchSize: 1024, threads});
  const sequence = context.getSequence();
  let prefill = Infinity, decode = Infinity;
  for (let round = 0; round < 5; round++) {
    await sequence.clearHistory();
    let start = seconds();
    await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(0, -1));
    prefill = Math.min(prefill, seconds() - start);
    const tokens = [];
    start = seconds();
    for await (const token of sequence.evaluate(prompt.slice(-1), {temperature: 0, yieldEogToken: true})) {
      tokens.push(token);
      if (tokens.length == Number(count)) break;
    }
    decode = Math.min(decode, seconds() - start);
    result.tokens = tokens;
  }
  result.prefill[threads] = (prompt.length - 1) / prefill;
  result.decode[threads] = Number(count) / decode;
  await context.dispose();
}
console.log(JSON.stringify(result));
process.exit(0);
