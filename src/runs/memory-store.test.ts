import { testStore } from "../../test/contracts/store.ts";
import { memoryStore } from "./memory-store.ts";

testStore(() => Promise.resolve(memoryStore()));
