// Lets the compiler accept a function without a body: main.go links to Karpenter's.
